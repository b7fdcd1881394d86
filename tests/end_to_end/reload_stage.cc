#include "tests/end_to_end/reload_stage.h"

namespace pce {

ReloadStage::ReloadStage(const std::vector<std::string>& simulator) {
  stage_.start_simulator(simulator);
}

void ReloadStage::write(const Config& config) const {
  const std::string base = "http://127.0.0.1:" + std::to_string(stage_.simulator_port());
  std::string text = "accounts:\n";
  for (const Account& account : config.accounts) {
    const bool has_own_file = account.more.find("refresh_token_file") != std::string::npos;
    if (!has_own_file && !std::filesystem::exists(stage_.folder() / (account.name + ".token")))
      stage_.write_file(account.name + ".token", "a-made-up-word\n", 0600);
    text.append("  - name: ").append(account.name).append("\n    cloud: custom\n    tenant_id: ");
    text.append(account.tenant);
    text.append("\n    client_id: 66666666-7777-8888-9999-000000000000\n");
    if (!has_own_file)
      text.append("    refresh_token_file: ").append(account.name).append(".token\n");
    text.append("    endpoints: {api: \"").append(base).append("\", login: \"").append(base);
    text.append("\", resource: https://api.partnercenter.microsoft.com}\n").append(account.more);
  }
  text += "insights:\n  interval: " + config.interval +
          "\n  stale_after: 48h\n  source: " + config.source + "\n" + config.insights +
          "limits: {requests_per_minute: " + std::to_string(config.requests_per_minute) + "}\n" +
          config.more;
  write_text(text);
}

Exposition ReloadStage::start(const Config& config, const std::vector<std::string>& flags) {
  write(config);
  std::vector<std::string> arguments{"--config.file=" + (stage_.folder() / "exporter.yml").string(),
                                     "--web.listen-address=127.0.0.1:0"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  stage_.start_exporter_with(arguments);
  EXPECT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  return stage_.first_round();
}

WebAnswer ReloadStage::post(const std::string& headers) const {
  WebAnswer answer;
  eventually([&] {
    answer =
        ask(stage_.exporter_port(), {.method = "POST", .path = "/-/reload", .headers = headers});
    return answer.status != 503;
  });
  return answer;
}

void ReloadStage::reload(const Config& config) const {
  write(config);
  const WebAnswer answer = post();
  EXPECT_EQ(answer.status, 200) << answer.body;
}

std::string of_partner(const std::string& name) { return "partner=\"" + name + "\""; }

std::map<std::string, double> insights_of_partner(const Exposition& exposition,
                                                  const std::string& name) {
  auto insights = insights_of(exposition);
  std::erase_if(insights, [&](const auto& sample) {
    return sample.first.find(of_partner(name)) == std::string::npos;
  });
  return insights;
}

}  // namespace pce
