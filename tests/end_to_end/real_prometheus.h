#pragma once
// A Prometheus of the distribution beside a stage.
#include <string>

#include <nlohmann/json.hpp>

#include "tests/end_to_end/stage.h"

namespace pce {

// An entry of scrape_configs. `params`: the YAML of such a mapping.
std::string scrape_job(const std::string& name, int exporter_port,
                       const std::string& params = "{}");
// Behind a scrape_job() of which no scrape may be missed, not on a busy machine either.
inline constexpr const char* kUnhurried = "    scrape_interval: 2s\n    scrape_timeout: 2s\n";

class RealPrometheus {
 public:
  // `scrape_configs`: as scrape_job() makes them, one behind another. Its data are in tsdb/ of the
  // stage's folder; what is there already it has, too.
  RealPrometheus(const Stage& stage, const std::string& scrape_configs);

  // The JSON answer to an instant query.
  std::string query(const std::string& expression) const;
  // The same taken apart; a refused query is a test failure.
  nlohmann::json result(const std::string& expression) const;
  // Of the last half minute.
  nlohmann::json range_result(const std::string& expression) const;
  // The value of a query with a single answer; empty otherwise.
  std::string value(const std::string& expression) const;
  std::string metadata() const;
  // A metric of Prometheus itself, whose exposition we read from its own page.
  double own(const std::string& name) const;

 private:
  nlohmann::json result_of(const std::string& path, const std::string& expression,
                           const std::string& more) const;

  int port_;
  Program program_;
};

}  // namespace pce
