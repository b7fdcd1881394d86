#include "tests/rules/monitoring.h"

#include <fstream>
#include <map>
#include <regex>

#include "tests/rules/rule_book.h"
#include "tests/support/files.h"
#include "tests/support/web_client.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

std::string written(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

std::string prometheus_config(const fs::path& folder, const std::vector<Target>& targets,
                              int alertmanager) {
  std::string text =
      "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files:\n";
  for (const fs::path& file : rule_files()) {
    text += "  - " + written(folder / file.filename(), in_a_hurry(read_file(file))) + "\n";
  }
  text += "scrape_configs:\n";
  for (const Target& target : targets) {
    text += "  - job_name: " + target.job +
            "\n    static_configs: [{targets: ['127.0.0.1:" + std::to_string(target.port) +
            "']}]\n";
  }
  if (alertmanager != 0) {
    text += "alerting:\n  alertmanagers: [{static_configs: [{targets: ['127.0.0.1:" +
            std::to_string(alertmanager) + "']}]}]\n";
  }
  return written(folder / "prometheus.yml", text);
}

std::string alertmanager_config(const fs::path& folder, int webhook_port) {
  const std::string example =
      read_file(source_dir() / "deploy/prometheus/alertmanager.example.yml");
  return written(folder / "alertmanager.yml",
                 std::regex_replace(in_a_hurry(example), std::regex("127\\.0\\.0\\.1:9099"),
                                    "127.0.0.1:" + std::to_string(webhook_port)));
}

void wait_for(int port, const Program& program) {
  EXPECT_TRUE(eventually([&] { return ask(port, {.path = "/-/ready"}).status == 200; }))
      << program.output();
}

}  // namespace

std::string in_a_hurry(const std::string& text) {
  static const std::map<std::string, std::string> kSeconds{{"offset 1d", "offset 6s"},
                                                           {"offset 3d", "offset 9s"},
                                                           {"offset 7d", "offset 12s"},
                                                           {"offset 30d", "offset 15s"},
                                                           {"[5m]", "[3s]"},
                                                           {"[15m]", "[3s]"},
                                                           {"[6h]", "[60s]"},
                                                           {"[1d]", "[60s]"}};
  static const std::regex kDuration(
      "offset [0-9]+[a-z]+|\\[[0-9]+[a-z]+\\]|(for|interval|group_wait|group_interval): "
      "[0-9]+[smhd]");
  std::string changed;
  std::sregex_iterator found(text.begin(), text.end(), kDuration);
  std::size_t from = 0;
  for (; found != std::sregex_iterator(); ++found) {
    const auto where = static_cast<std::size_t>(found->position());
    changed += text.substr(from, where - from);
    const std::string key = (*found)[1].str();
    if (!key.empty()) {
      changed += key + ": 1s";
    } else {
      EXPECT_TRUE(kSeconds.contains(found->str())) << found->str();
      changed += kSeconds.at(found->str());
    }
    from = where + static_cast<std::size_t>(found->length());
  }
  return changed + text.substr(from);
}

PrometheusServer::PrometheusServer(const fs::path& folder, const std::vector<Target>& targets,
                                   int alertmanager)
    : port_(free_port()),
      program_({"prometheus", "--config.file=" + prometheus_config(folder, targets, alertmanager),
                "--storage.tsdb.path=" + (folder / "tsdb").string(),
                "--web.listen-address=127.0.0.1:" + std::to_string(port_)}) {
  wait_for(port_, program_);
}

nlohmann::json PrometheusServer::query(const std::string& expression) const {
  std::string encoded;
  for (const unsigned char c : expression) {
    char text[4];
    std::snprintf(text, sizeof text, "%%%02X", c);
    encoded += text;
  }
  const auto answer = nlohmann::json::parse(
      ask(port_, {.method = "POST",
                  .path = "/api/v1/query",
                  .headers = "Content-Type: application/x-www-form-urlencoded\r\n",
                  .body = "query=" + encoded})
          .body,
      nullptr, false);
  EXPECT_EQ(answer.value("status", ""), "success") << expression << "\n" << answer;
  return answer.contains("data") ? answer["data"]["result"] : nlohmann::json::array();
}

std::vector<nlohmann::json> PrometheusServer::rules() const {
  const auto answer =
      nlohmann::json::parse(ask(port_, {.path = "/api/v1/rules"}).body, nullptr, false);
  std::vector<nlohmann::json> all;
  if (!answer.contains("data")) return all;
  for (const auto& group : answer["data"]["groups"]) {
    for (const auto& rule : group["rules"]) all.push_back(rule);
  }
  return all;
}

AlertmanagerServer::AlertmanagerServer(const fs::path& folder, int webhook_port)
    : port_(free_port()),
      program_({"prometheus-alertmanager",
                "--config.file=" + alertmanager_config(folder, webhook_port),
                "--storage.path=" + (folder / "alertmanager").string(),
                "--web.listen-address=127.0.0.1:" + std::to_string(port_),
                "--cluster.listen-address="}) {
  wait_for(port_, program_);
}

}  // namespace pce
