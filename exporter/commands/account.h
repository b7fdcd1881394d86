#pragma once
// Everything one partner account has for itself, built and handed to each other: its way out,
// token, governor, client, poller.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/beating_clock.h"
#include "exporter/base/clock.h"
#include "exporter/base/heart.h"
#include "exporter/base/label.h"
#include "exporter/http/beating_transport.h"
#include "exporter/http/curl_transport.h"
#include "exporter/http/governor.h"
#include "exporter/identity/cached_token_source.h"
#include "exporter/identity/client_credential.h"
#include "exporter/identity/entra_token_source.h"
#include "exporter/partner_center/client.h"
#include "exporter/polling/account_poller.h"
#include "exporter/polling/explainer.h"
#include "exporter/polling/status.h"
#include "exporter/settings/settings.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/api_telemetry.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/token_telemetry.h"

namespace pce {

class Account {
 public:
  struct House {                 // what all accounts share; outlives them
    const std::string& version;  // of this program
    Clock& clock;
    LabelPool& labels;
    SnapshotStore& store;
    prometheus::Registry& registry;       // a reload wants one for each account
    std::filesystem::path config_file{};  // for the commands people are told to type
    AnswerKeeper* keeper = nullptr;       // null: nothing is kept for the next start
    CustomerNaming naming{};              // by their names: for whoever types a command
  };
  Account(const House& house, const AccountSettings& account, const Settings& settings);

  // Whether these settings are of the same account as `account`: what it has read and learnt is
  // true of it, its tokens are for it.
  static bool is_same(const AccountSettings& account, const AccountSettings& other);
  // From now on, for the same account. What needs time happens on its own threads. Any thread.
  void adopt(const AccountSettings& account, const Settings& settings);
  void show_state();  // in the metrics that change by themselves

  const std::string& name() const { return name_; }
  AccountPoller& poller() { return poller_; }
  Heart& heart() { return heart_; }  // the poller's
  CachedTokenSource& tokens() { return tokens_; }
  const Explainer& explainer() const { return explainer_; }
  const StatusReporter& reporter() const { return reporter_; }
  ClientCredential& credential() { return credential_; }
  EntraTokenSource& entra() { return entra_; }
  PartnerCenterClient& client() { return client_; }
  CurlTransport& transport() { return transport_; }
  Governor& governor() { return governor_; }
  ApiTelemetry& calls() { return calls_; }

 private:
  void show_token();
  // Why there is no token, as a sentence; nullopt: there is one.
  std::optional<std::string> no_token() const;
  Throttling throttling() const;

  const std::string name_;
  const std::string version_;
  ApiTelemetry calls_;
  PollTelemetry polls_;
  TokenTelemetry token_telemetry_;
  Heart heart_;
  BeatingClock beating_clock_;
  Governor governor_;
  CurlTransport transport_;
  BeatingTransport beating_transport_;
  ClientCredential credential_;
  EntraTokenSource entra_;
  CachedTokenSource tokens_;
  PartnerCenterClient client_;
  AccountPoller poller_;
  Explainer explainer_;
  StatusReporter reporter_;
};

}  // namespace pce
