#include "tests/end_to_end/real_prometheus.h"

#include <ctime>

#include "exporter/identity/form.h"

namespace pce {
namespace {

using nlohmann::json;

std::string post(int port, const std::string& path, const std::string& expression,
                 const std::string& more) {
  return ask(port, {.method = "POST",
                    .path = path,
                    .headers = "Content-Type: application/x-www-form-urlencoded\r\n",
                    .body = "query=" + percent_encoded(expression) + more})
      .body;
}

}  // namespace

std::string scrape_job(const std::string& name, int exporter_port, const std::string& params) {
  return "  - job_name: " + name + "\n    params: " + params +
         "\n    static_configs: [{targets: ['127.0.0.1:" + std::to_string(exporter_port) + "']}]\n";
}

RealPrometheus::RealPrometheus(const Stage& stage, const std::string& scrape_configs)
    : port_(free_port()),
      program_({"prometheus",
                "--config.file=" +
                    stage
                        .write_file("prometheus.yml",
                                    "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n"
                                    "scrape_configs:\n" +
                                        scrape_configs)
                        .string(),
                "--storage.tsdb.path=" + (stage.folder() / "tsdb").string(),
                "--web.listen-address=127.0.0.1:" + std::to_string(port_)}) {
  EXPECT_TRUE(eventually([&] { return ask(port_, {.path = "/-/ready"}).status == 200; }))
      << program_.output();
}

std::string RealPrometheus::query(const std::string& expression) const {
  return post(port_, "/api/v1/query", expression, "");
}

json RealPrometheus::result_of(const std::string& path, const std::string& expression,
                               const std::string& more) const {
  const std::string answer = post(port_, path, expression, more);
  const json parsed = json::parse(answer, nullptr, false);
  if (!parsed.is_object() || parsed.value("status", "") != "success") {
    ADD_FAILURE() << expression << "\n" << answer;
    return json::array();
  }
  return parsed.at("data").at("result");
}

json RealPrometheus::result(const std::string& expression) const {
  return result_of("/api/v1/query", expression, "");
}

json RealPrometheus::range_result(const std::string& expression) const {
  const std::time_t now = std::time(nullptr);
  return result_of("/api/v1/query_range", expression,
                   "&step=5&start=" + std::to_string(now - 30) + "&end=" + std::to_string(now));
}

std::string RealPrometheus::value(const std::string& expression) const {
  const std::string answer = query(expression);
  const std::string before = "\"value\":[";
  const auto at = answer.find(before);
  if (at == std::string::npos || answer.find(before, at + 1) != std::string::npos) return {};
  const auto start = answer.find('"', answer.find(',', at)) + 1;
  return answer.substr(start, answer.find('"', start) - start);
}

std::string RealPrometheus::metadata() const {
  return ask(port_, {.path = "/api/v1/metadata"}).body;
}

double RealPrometheus::own(const std::string& name) const {
  for (const auto& [series, value] :
       parse_exposition(ask(port_, {.path = "/metrics"}).body).samples) {
    if (series == name) return value;
  }
  return -1;
}

}  // namespace pce
