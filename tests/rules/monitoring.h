#pragma once
// The real Prometheus and Alertmanager on free loopback ports, with the rules we ship in a hurry.
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/program.h"

namespace pce {

// Seconds pass in a real Prometheus, and many more of them on a busy machine.
constexpr std::chrono::minutes kPatience{4};

// The text of one of our files with every duration in it made seconds: those of offset, for,
// ranges, intervals and waits. The rules are the same otherwise.
std::string in_a_hurry(const std::string& text);

struct Target {
  std::string job;
  int port = 0;
};

class PrometheusServer {
 public:
  // Writes its files into `folder`. `alertmanager`: 0 for none.
  PrometheusServer(const std::filesystem::path& folder, const std::vector<Target>& targets,
                   int alertmanager = 0);

  // The result of an instant query; complaints are test failures.
  nlohmann::json query(const std::string& expression) const;
  // Of /api/v1/rules, all groups in one list.
  std::vector<nlohmann::json> rules() const;
  std::string output() const { return program_.output(); }

 private:
  int port_;
  Program program_;
};

class AlertmanagerServer {
 public:
  // Runs the example of ours, whose receivers are at `webhook_port`.
  AlertmanagerServer(const std::filesystem::path& folder, int webhook_port);
  int port() const { return port_; }
  std::string output() const { return program_.output(); }

 private:
  int port_;
  Program program_;
};

}  // namespace pce
