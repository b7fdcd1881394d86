#pragma once
// Answers, from memory alone, why customers have, or lack, series. Any thread.
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/polling/account_poller.h"
#include "exporter/polling/explanation.h"
#include "exporter/store/snapshot_store.h"

namespace pce {

// One account's side of it.
class Explainer {
 public:
  struct Parts {
    const AccountPoller& poller;
    const SnapshotStore& store;
    const Clock& clock;
    // How long the account waits for a Retry-After; 0: not at all.
    std::function<std::chrono::milliseconds()> paused_for;
    // Why the account has no token, as a sentence; nullopt: it has one, as far as is known.
    std::function<std::optional<std::string>()> token_trouble;
  };
  explicit Explainer(Parts parts) : parts_(std::move(parts)) {}

  const std::string& partner() const { return parts_.poller.partner(); }
  bool shows_names() const { return parts_.poller.plan()->naming.shows_names(); }
  AccountState account() const;
  // Everybody who is or was a customer, those who left first; one who left may come again.
  void each_customer(const std::function<void(const KnownCustomer&)>& visit) const;
  Explanation explain(const KnownCustomer& customer) const;

 private:
  const Parts parts_;
};

struct CustomerQuestion {
  std::string customer;   // an id, else a name in any case, else a pattern with *
  std::string partner{};  // the account's name; empty: all accounts
};

struct CustomerAnswer {
  std::vector<Explanation> found{};  // by account and id
  std::size_t more = 0;              // customers that match, too, and are left out
  // Where nobody matches:
  std::vector<std::string> nearest{};    // names somebody may have meant, the nearest first
  std::vector<AccountState> accounts{};  // those that were asked; empty: there is no such account
};

inline constexpr std::size_t kExplainedMax = 20;

CustomerAnswer explain_customer(const CustomerQuestion& question,
                                std::span<const Explainer* const> accounts);

}  // namespace pce
