#include "tests/end_to_end/stage.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

#include <sys/stat.h>

#include "tests/support/files.h"

namespace pce {
namespace {

int port_at_end(const std::string& line) {
  const auto colon = line.find_last_of(':');
  return colon == std::string::npos ? 0 : std::atoi(line.c_str() + colon + 1);
}

}  // namespace

Stage::Stage() {
  std::string name = std::filesystem::temp_directory_path() / "pce-test-XXXXXX";
  EXPECT_NE(mkdtemp(name.data()), nullptr);
  folder_ = name;
}

Stage::~Stage() {
  exporter_.reset();
  simulator_.reset();
  std::filesystem::remove_all(folder_);
}

std::filesystem::path Stage::write_file(const std::string& name, const std::string& content,
                                        int mode) const {
  const auto path = folder_ / name;
  std::ofstream(path, std::ios::binary) << content;
  EXPECT_EQ(chmod(path.c_str(), static_cast<mode_t>(mode)), 0);
  return path;
}

void Stage::start_simulator(const std::vector<std::string>& more) {
  simulator_ = std::make_unique<Upstream>(more);
  ASSERT_NE(simulator_port(), 0);
}

void Stage::simulate(const std::string& path, const std::string& json) {
  simulator_->post(path, nlohmann::json::parse(json));
}

double Stage::simulator_counted(const std::string& name) const {
  const std::string log = ask(simulator_port(), {.path = "/_sim/log?last=0"}).body;
  const std::string key = "\"" + name + "\":";
  const auto at = log.find(key);
  return at == std::string::npos ? 0 : std::atof(log.c_str() + at + key.size());
}

std::filesystem::path Stage::write_config(const Choices& choices) const {
  write_file("contoso.token", choices.refresh_token + "\n", 0600);
  const int port = choices.api_port != 0 ? choices.api_port : simulator_port();
  const std::string base =
      choices.base.empty() ? "http://127.0.0.1:" + std::to_string(port) : choices.base;
  return write_file(
      "exporter.yml",
      "accounts:\n"
      "  - name: contoso\n"
      "    cloud: custom\n"
      "    tenant_id: 11111111-2222-3333-4444-555555555555\n"
      "    client_id: 66666666-7777-8888-9999-000000000000\n"
      "    refresh_token_file: contoso.token\n"
      "    endpoints: {api: \"" +
          base + "\", login: \"" + base +
          "\", resource: https://api.partnercenter.microsoft.com}\n" + choices.account +
          "insights:\n"
          "  interval: " +
          choices.interval +
          "\n"
          "  stale_after: " +
          choices.stale_after + "\n  source: " + choices.source + "\n" + choices.insights +
          (choices.more.empty() ? "limits:\n  requests_per_minute: 60000\n" : choices.more));
}

void Stage::start_exporter(const Choices& choices) {
  start_exporter_with(
      {"--config.file=" + write_config(choices).string(), "--web.listen-address=127.0.0.1:0"});
  ASSERT_TRUE(exporter_listens()) << exporter_->output();
}

void Stage::start_exporter_with(const std::vector<std::string>& arguments,
                                const std::vector<std::string>& before) {
  std::vector<std::string> argv = before;
  argv.push_back(binary_dir() / "partner_center_exporter");
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  exporter_ = std::make_unique<Program>(argv);
}

bool Stage::exporter_listens() {
  exporter_port_ = port_at_end(exporter_->line_with("Listening on"));
  return exporter_port_ != 0;
}

std::size_t Stage::times_said(const std::string& text) const {
  const std::string output = exporter_->output();
  std::size_t times = 0;
  for (auto at = output.find(text); at != std::string::npos; at = output.find(text, at + 1))
    ++times;
  return times;
}

WebAnswer Stage::get(const std::string& path, const std::string& headers) const {
  return ask(exporter_port_, {.path = path, .headers = headers});
}

Exposition Stage::scrape() const {
  const WebAnswer answer = get("/metrics");
  EXPECT_EQ(answer.status, 200) << exporter_->output();
  Exposition exposition = parse_exposition(answer.body);
  EXPECT_THAT(exposition.complaints, testing::IsEmpty());
  return exposition;
}

Exposition Stage::first_round() const {
  EXPECT_TRUE(eventually([&] { return get("/-/ready").status == 200; })) << exporter_->output();
  return scrape();
}

bool is_up(const Exposition& exposition) { return exposition.value("partner_center_up") == 1; }

std::set<std::string> customers_in(const Exposition& exposition, const std::string& metric) {
  constexpr std::string_view kLabel = "customer_id=\"";
  std::set<std::string> ids;
  for (const auto& [series, value] : exposition.find(metric)) {
    const auto at = series.find(kLabel);
    if (at != std::string::npos) ids.insert(series.substr(at + kLabel.size(), kSeedId.size()));
  }
  return ids;
}

std::map<std::string, double> insights_of(const Exposition& exposition) {
  std::map<std::string, double> insights = exposition.samples;
  std::erase_if(insights, [](const auto& sample) {
    return sample.first.starts_with("partner_center_") || sample.first.starts_with("process_");
  });
  return insights;
}

bool all_read_from(const Exposition& exposition, const std::string& source) {
  const std::string label = "source=\"" + source + "\"";
  return std::ranges::all_of(kCollectors, [&](const char* collector) {
    return exposition.find("partner_center_collector_source_info", {of_collector(collector), label})
               .size() == 1;
  });
}

std::string of_collector(const std::string& collector) { return "collector=\"" + collector + "\""; }

std::string as_test_name(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

}  // namespace pce
