#pragma once
#include <string>

#include "tests/end_to_end/stage.h"
#include "tests/support/http_imposter.h"

namespace pce {

// An entry of scrape_configs. `params`: the YAML of such a mapping.
inline std::string scrape_job(const std::string& name, int exporter_port,
                              const std::string& params = "{}") {
  return "  - job_name: " + name + "\n    params: " + params +
         "\n    static_configs: [{targets: ['127.0.0.1:" + std::to_string(exporter_port) + "']}]\n";
}

// A real Prometheus beside a stage, with its data in the stage's folder.
class RealPrometheus {
 public:
  // `scrape_configs`: as scrape_job() makes them, one behind another.
  RealPrometheus(const Stage& stage, const std::string& scrape_configs)
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

  // The JSON answer to an instant query; `expression` needs no encoding.
  std::string query(const std::string& expression) const {
    return ask(port_, {.method = "POST",
                       .path = "/api/v1/query",
                       .headers = "Content-Type: application/x-www-form-urlencoded\r\n",
                       .body = "query=" + expression})
        .body;
  }
  // The value of a query with a single answer; empty otherwise.
  std::string value(const std::string& expression) const {
    const std::string answer = query(expression);
    const std::string before = "\"value\":[";
    const auto at = answer.find(before);
    if (at == std::string::npos || answer.find(before, at + 1) != std::string::npos) return {};
    const auto start = answer.find('"', answer.find(',', at)) + 1;
    return answer.substr(start, answer.find('"', start) - start);
  }
  std::string metadata() const { return ask(port_, {.path = "/api/v1/metadata"}).body; }
  // A metric of Prometheus itself, whose exposition we read from its own page.
  double own(const std::string& name) const {
    for (const auto& [series, value] :
         parse_exposition(ask(port_, {.path = "/metrics"}).body).samples) {
      if (series == name) return value;
    }
    return -1;
  }

 private:
  int port_;
  Program program_;
};

}  // namespace pce
