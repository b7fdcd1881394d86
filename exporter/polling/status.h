#pragma once
// How one account is doing, as a value: made on request from what poller, governor and sign-in have
// noted, without waiting for any of them.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/identity/token_source.h"
#include "exporter/polling/account_poller.h"

namespace pce {

struct Throttling {
  std::chrono::milliseconds paused_for{};  // by Retry-After; 0: not
  double pace = 1;                         // share of the configured limits in force, in (0,1]
  double calls_left = 0;                   // that could start now
  double retries_left = 0;                 // 0 … 10
};

struct CollectorReport {
  CollectorStatus status{};
  std::optional<Source> source{};    // in use; the customer list has one only
  std::optional<Trouble> trouble{};  // of the last reading, where that was not about one customer
};

struct AccountStatus {
  std::string partner{};
  WallTime now{};
  std::chrono::milliseconds interval{};
  std::chrono::milliseconds stale_after{};
  bool tried = false;  // everything, once: its first round has ended, well or badly
  TokenStatus sign_in{};
  CredentialEnds credentials{};
  Throttling throttling{};
  ListRecord list{};
  CustomerCounts customers{};
  std::vector<CollectorReport> collectors{};
  std::vector<DriftSeen> drift{};  // the latest first
};

class StatusReporter {
 public:
  struct Parts {
    const AccountPoller& poller;
    const Clock& clock;
    std::function<TokenStatus()> sign_in;
    std::function<CredentialEnds()> credentials;
    std::function<Throttling()> throttling;
  };
  explicit StatusReporter(Parts parts) : parts_(std::move(parts)) {}
  AccountStatus status() const;  // any thread

 private:
  const Parts parts_;
};

}  // namespace pce
