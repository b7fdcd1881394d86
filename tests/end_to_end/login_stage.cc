#include "tests/end_to_end/login_stage.h"

#include <sys/stat.h>

#include "tests/support/files.h"

namespace pce {
namespace {

// What stands behind `name=` in an address.
std::string member_of(const std::string& address, const std::string& name) {
  const auto at = address.find(name + "=");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 1;
  return address.substr(start, address.find('&', start) - start);
}

std::string path_of(const std::string& address) {
  const auto scheme = address.find("://");
  return address.substr(address.find('/', scheme + 3));
}

}  // namespace

LoginStage::LoginStage(const std::vector<std::string>& simulator) {
  stage_.start_simulator(simulator);
  settings(R"({"device_code_interval": "1s"})");
}

std::string LoginStage::configured(const std::string& account) {
  const auto config = stage_.write_config({.interval = "300ms", .account = account});
  std::filesystem::remove(token_file());
  return config.string();
}

void LoginStage::start(const std::vector<std::string>& flags, const std::string& account) {
  std::vector<std::string> argv{binary_dir() / "partner_center_exporter", "login",
                                "--config.file=" + configured(account)};
  argv.insert(argv.end(), flags.begin(), flags.end());
  login_ = std::make_unique<Program>(argv, Program::Input::kTyped);
}

void LoginStage::start_on_a_terminal() {
  const std::string opened = (stage_.folder() / "opened").string();
  stage_.write_file(
      "xdg-open",
      "#!/bin/sh\necho \"$1\" >" + opened + ".new\nmv " + opened + ".new " + opened + "\n", 0700);
  const std::string command = (binary_dir() / "partner_center_exporter").string() +
                              " login --config.file=" + configured({});
  login_ = std::make_unique<Program>(
      std::vector<std::string>{"env", "DISPLAY=:9", "NO_COLOR=1",
                               "PATH=" + stage_.folder().string() + ":/usr/bin:/bin", "script",
                               "-qec", command, "/dev/null"},
      Program::Input::kTyped);
}

std::string LoginStage::address() {
  std::string address = login_->line_with("/oauth2/v2.0/authorize?");
  if (address.ends_with('\r')) address.pop_back();
  EXPECT_NE(address, "") << said();
  return address;
}

int LoginStage::callback_port() {
  constexpr std::string_view kBeforePort = "http%3A%2F%2Flocalhost%3A";
  const std::string uri = member_of(address(), "redirect_uri");
  EXPECT_TRUE(uri.starts_with(kBeforePort)) << uri;
  return std::atoi(uri.c_str() + std::min(uri.size(), kBeforePort.size()));
}

WebAnswer LoginStage::submit(const std::string& path, const std::string& form) const {
  return ask(stage_.simulator_port(),
             {.method = "POST",
              .path = path,
              .headers = "Content-Type: application/x-www-form-urlencoded\r\n",
              .body = form});
}

std::string LoginStage::sign_in(const std::string& form) {
  const WebAnswer answer = submit(path_of(address()), form);
  const auto location = answer.headers.find("location");
  if (location == answer.headers.end()) return answer.body;
  if (const std::string code = member_of(location->second, "code"); !code.empty())
    secrets_.push_back(code.substr(0, 20));
  return location->second;
}

std::string LoginStage::type_device_code(const std::string& form) {
  const std::string line = login_->line_with("   code  ");
  EXPECT_NE(line, "") << said();
  const std::string code = line.substr(std::min(line.size(), line.find("code  ") + 6));
  return submit("/devicelogin", "user_code=" + code + "&" + form).body;
}

WebAnswer LoginStage::come_back(const std::string& redirected) {
  return ask(callback_port(), {.path = path_of(redirected)});
}

int LoginStage::ended() {
  const auto status = login_->wait();
  EXPECT_TRUE(status) << "still waiting: " << said();
  login_->wait_for_last_word();
  if (const auto record = stored())
    secrets_.emplace_back(record->refresh_token.reveal().substr(0, 12));
  for (const std::string& secret : secrets_) {
    EXPECT_EQ(said().find(secret), std::string::npos) << secret << " shows in\n" << said();
  }
  // The last two begin tokens; a shorter piece of them may stand in a random state by chance.
  for (const char* word : {"MARKER", "Bearer", "eyJhbGci", "eyJ0eXAi"})
    EXPECT_EQ(said().find(word), std::string::npos) << word << " shows in\n" << said();
  return status.value_or(-1);
}

std::optional<TokenRecord> LoginStage::stored() const {
  struct stat facts {};
  if (stat(token_file().c_str(), &facts) != 0) return std::nullopt;
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
  const auto record = parse_token_record(Secret(read_file(token_file())));
  EXPECT_TRUE(record) << record.error().message;
  return record ? std::optional(*record) : std::nullopt;
}

void expect_that_the_exporter_lives_on_it(LoginStage& login) {
  Stage& stage = login.stage();
  const Secret first = login.stored().value_or(TokenRecord{}).refresh_token;
  stage.start_exporter_with({"--config.file=" + (stage.folder() / "exporter.yml").string(),
                             "--web.listen-address=127.0.0.1:0"});
  ASSERT_TRUE(stage.exporter_listens()) << stage.exporter().output();
  stage.scrape_until(is_up);
  const auto refresh_token = [&] { return login.stored().value_or(TokenRecord{}).refresh_token; };
  ASSERT_TRUE(eventually([&] { return !(refresh_token() == first); }));
  const Secret second = refresh_token();
  stage.simulate("/_sim/tokens", R"({"revoke": "access"})");
  EXPECT_TRUE(eventually([&] { return !(refresh_token() == second); }))
      << stage.exporter().output();
  stage.scrape_until(is_up);
}

}  // namespace pce
