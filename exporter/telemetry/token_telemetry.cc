#include "exporter/telemetry/token_telemetry.h"

#include <mutex>
#include <utility>

#include "exporter/telemetry/families.h"

namespace pce {

struct TokenTelemetry::Families {
  Families(prometheus::Registry& registry, std::string name, std::vector<std::string> all_states)
      : partner(std::move(name)),
        states(std::move(all_states)),
        state(gauge(registry, "partner_center_token_state",
                    "1 for the state the account's sign-in is in, 0 for the others; all 0 until a "
                    "token was asked for. needs_login and misconfigured wait for a human.")),
        expiry_family(
            gauge(registry, "partner_center_credential_expiry_timestamp_seconds",
                  "Unix time at which the credential ends: the refresh token unless it is "
                  "used before, the client certificate, the access token in use. Absent "
                  "where it is not known.")),
        mfa_family(gauge(registry, "partner_center_mfa_compliant",
                         "Whether the sign-in shows multi-factor authentication, as Partner Center "
                         "says, else as the access token says. Absent where neither does.")),
        stored(gauge(registry, "partner_center_refresh_token_stored",
                     "1 when the newest refresh token is in its file, 0 when it is in memory only "
                     "and a restart would lose it.")
                   .Add(account_labels(partner))),
        expiry(expiry_family),
        mfa(mfa_family) {}

  const std::string partner;
  const std::vector<std::string> states;
  std::mutex mutex;
  GaugeFamily& state;
  GaugeFamily& expiry_family;
  GaugeFamily& mfa_family;
  prometheus::Gauge& stored;
  GaugeSet expiry;
  GaugeSet mfa;
};

TokenTelemetry::TokenTelemetry(prometheus::Registry& registry, const std::string& partner,
                               const std::vector<std::string>& states)
    : families_(std::make_unique<Families>(registry, partner, states)) {
  show({});
}

TokenTelemetry::~TokenTelemetry() = default;

void TokenTelemetry::show(const Facts& facts) {
  auto& f = *families_;
  const std::scoped_lock lock(f.mutex);
  for (const std::string& state : f.states) {
    f.state.Add(account_labels(f.partner, {{"state", state}})).Set(state == facts.state ? 1 : 0);
  }
  std::vector<std::pair<prometheus::Labels, double>> ends;
  const auto add = [&](const char* credential, const std::optional<WallTime>& end) {
    if (end)
      ends.emplace_back(account_labels(f.partner, {{"credential", credential}}),
                        unix_seconds(*end));
  };
  add("refresh_token", facts.refresh_token_ends);
  add("client_certificate", facts.client_certificate_ends);
  add("access_token", facts.access_token_ends);
  f.expiry.replace(ends);
  std::vector<std::pair<prometheus::Labels, double>> mfa;
  if (facts.mfa_compliant)
    mfa.emplace_back(account_labels(f.partner), *facts.mfa_compliant ? 1 : 0);
  f.mfa.replace(mfa);
  f.stored.Set(facts.refresh_token_stored ? 1 : 0);
}

}  // namespace pce
