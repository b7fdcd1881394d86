#include "exporter/commands/fleet_state.h"

#include "exporter/commands/watchdog.h"

namespace pce {
namespace {

// What an account waits for; empty: nothing.
std::string waited_for(Account& account) {
  const TokenStatus token = account.tokens().status();
  if (needs_a_human(token.state)) {
    return account.name() + ": " + name_of(token.state) + " (" + token.reason +
           "): " + token.message + ". Run: " + token.command;
  }
  if (!account.poller().has_tried()) return account.name() + ": its first round has not ended yet";
  return {};
}

}  // namespace

Readiness readiness(const Fleet& fleet) {
  Readiness readiness{.ready = true};
  for (const auto& account : fleet.accounts()) {
    const std::string reason = waited_for(*account);
    if (reason.empty()) continue;
    readiness.ready = false;
    readiness.reason += (readiness.reason.empty() ? "" : "\n") + reason;
  }
  return readiness;
}

std::string hanging(const Fleet& fleet, SteadyTime::duration patience) {
  const auto accounts = fleet.accounts();
  std::vector<Watched> watched;
  for (const auto& account : accounts) watched.push_back({account->name(), &account->heart()});
  return who_hangs(watched, patience);
}

CustomerAnswer explained(const Fleet& fleet, const CustomerQuestion& question) {
  const auto accounts = fleet.accounts();
  std::vector<const Explainer*> explainers;
  for (const auto& account : accounts) explainers.push_back(&account->explainer());
  return explain_customer(question, explainers);
}

std::vector<std::string> names_of(const Fleet& fleet) {
  std::vector<std::string> names;
  for (const auto& account : fleet.accounts()) names.push_back(account->name());
  return names;
}

}  // namespace pce
