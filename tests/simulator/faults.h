#pragma once
// Faults switched on at run time: rules that say which calls are hit, how many or what share of
// them, and what happens. The table of members is in README.md. Any thread.
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/simulator/aadsts.h"
#include "tests/simulator/message.h"
#include "tests/simulator/spelling.h"

namespace simulator {

// What a rule looks at.
struct Call {
  std::string operation;
  std::string customer;                 // lower case; empty where the call is about none
  std::string tenant;                   // of the token; empty without a good one
  bool continued = false;               // a page after the first
  std::optional<std::uint64_t> page{};  // of customers, B1 and B2; the first is 1
  std::optional<std::uint64_t> skip{};  // of B1 and B2
  std::optional<bool> grouped{};        // of B1 and B2
  const Request* request = nullptr;
};

struct Match {
  std::optional<std::string> path_contains, query_contains, operation, customer, tenant, method;
  std::optional<bool> continued, grouped;
  std::optional<std::uint64_t> page, skip;
  bool covers(const Call& call) const;
};

struct Fault {
  std::optional<int> status;
  std::string shape = "E1";        // E1 | E2 | E3 | html | empty | array | not_json | big | nested
  nlohmann::json code = "800003";  // text or number, of shape E1
  std::string description = "Simulated fault.";
  std::optional<Refusal> refusal;  // of the identity platform
  std::optional<std::chrono::seconds> retry_after;
  bool retry_after_as_date = false;
  Fields headers;
  std::optional<std::string> body;
  std::optional<std::uint64_t> bytes;  // size of the shape `big`
  bool close = false, truncate = false, half_body = false, endless = false, hold = false,
       reprocess = false;
  std::chrono::milliseconds delay{0}, between_bytes{0};
  nlohmann::json variant = nullptr;

  // Whether the true answer is replaced, rather than delayed or respelt.
  bool answers() const;
};

struct Rule {
  std::uint64_t id = 0;
  Match match;
  double share = 1;
  std::optional<std::uint64_t> times;  // left
  Fault fault;
  std::uint64_t seen = 0;  // calls that matched
  std::uint64_t hit = 0;
  nlohmann::json source;
};

// What is to be done with one call: all hitting rules together. The first rule with an answer of
// its own wins.
struct Verdict {
  std::optional<Fault> answer;
  std::vector<nlohmann::json> variants;
  Fields headers;
  std::chrono::milliseconds delay{0}, between_bytes{0};
  bool hold = false, close = false, truncate = false, half_body = false, endless = false,
       reprocess = false;
  std::uint64_t epoch = 0;  // of the rules when judged; a hold ends when it changes
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : seed_(seed) {}
  // Adds one rule, or each of an array. The complaint, or nothing (and nothing is added on a
  // complaint).
  std::string add(const nlohmann::json& rules);
  void clear();
  nlohmann::ordered_json describe() const;
  Verdict judge(const Call& call);
  std::uint64_t epoch() const;

 private:
  const std::uint64_t seed_;
  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
  std::uint64_t next_id_ = 1;
  std::uint64_t epoch_ = 0;
};

std::string read_rule(const nlohmann::json& object, Rule& rule);

// The answer of a fault that has one. Dates are real time, as clients see it.
Response fault_answer(const Fault& fault, std::chrono::sys_seconds now);

}  // namespace simulator
