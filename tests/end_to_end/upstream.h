#pragma once
// One simulator on a free loopback port, what a test does to it, and what it saw of us.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/program.h"
#include "tests/support/web_client.h"

namespace pce {

class Upstream {
 public:
  explicit Upstream(const std::vector<std::string>& arguments = {"--customers=3"});

  int port() const { return port_; }
  Program& program() { return program_; }

  // Each of these is a test failure when the simulator refuses.
  void post(const std::string& path, const nlohmann::json& body);
  void add_fault(const nlohmann::json& rule) { post("/_sim/faults", rule); }
  void clear_faults();

  // A refresh token as a sign-in would leave it; `facts`: see the simulator's README.
  std::string issue_refresh_token(const nlohmann::json& facts);
  void forget_calls();  // the log begins anew

  // How many calls the rule at this place of the list has hit.
  int hits(std::size_t rule = 0) const;
  nlohmann::json counters() const;  // of the log
  // Calls of one operation, or of all, the oldest first.
  nlohmann::json calls(const std::string& operation = {}) const;
  nlohmann::json customers() const;  // of the estate

 private:
  nlohmann::json get(const std::string& path) const;
  WebAnswer posted(const std::string& path, const nlohmann::json& body);

  Program program_;
  int port_ = 0;
};

}  // namespace pce
