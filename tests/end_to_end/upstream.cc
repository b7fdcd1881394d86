#include "tests/end_to_end/upstream.h"

#include "tests/support/files.h"

namespace pce {
namespace {

std::vector<std::string> command(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{binary_dir() / "partner_center_simulator",
                                "--web.listen-address=127.0.0.1:0"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

}  // namespace

Upstream::Upstream(const std::vector<std::string>& arguments) : program_(command(arguments)) {
  const std::string line = program_.line_with("Listening on");
  const auto colon = line.find_last_of(':');
  if (colon != std::string::npos) port_ = std::atoi(line.c_str() + colon + 1);
  EXPECT_NE(port_, 0) << program_.output();
}

WebAnswer Upstream::posted(const std::string& path, const nlohmann::json& body) {
  WebAnswer answer = ask(port_, {.method = "POST",
                                 .path = path,
                                 .headers = "Content-Type: application/json\r\n",
                                 .body = body.dump()});
  EXPECT_EQ(answer.status / 100, 2) << path << " " << body << ": " << answer.body;
  return answer;
}

void Upstream::post(const std::string& path, const nlohmann::json& body) { posted(path, body); }

std::string Upstream::issue_refresh_token(const nlohmann::json& facts) {
  const WebAnswer answer = posted("/_sim/tokens", {{"issue", facts}});
  return nlohmann::json::parse(answer.body).at("refresh_token").get<std::string>();
}

void Upstream::clear_faults() {
  EXPECT_EQ(ask(port_, {.method = "DELETE", .path = "/_sim/faults"}).status / 100, 2);
}

void Upstream::forget_calls() {
  EXPECT_EQ(ask(port_, {.method = "DELETE", .path = "/_sim/log"}).status / 100, 2);
}

nlohmann::json Upstream::get(const std::string& path) const {
  const WebAnswer answer = ask(port_, {.path = path});
  EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
  return nlohmann::json::parse(answer.body);
}

int Upstream::hits(std::size_t rule) const {
  return get("/_sim/faults").at("rules").at(rule).at("hit").get<int>();
}

nlohmann::json Upstream::counters() const { return get("/_sim/log?last=1").at("counters"); }

nlohmann::json Upstream::calls(const std::string& operation) const {
  return get("/_sim/log?last=10000&operation=" + operation).at("calls");
}

nlohmann::json Upstream::customers() const {
  return get("/_sim/estate?customers=1").at("customers");
}

}  // namespace pce
