#pragma once
// Everything one partner account has for itself, built and handed to each other: its way out,
// token, governor, client, poller.
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/http/curl_transport.h"
#include "exporter/http/governor.h"
#include "exporter/identity/cached_token_source.h"
#include "exporter/identity/entra_token_source.h"
#include "exporter/partner_center/client.h"
#include "exporter/polling/account_poller.h"
#include "exporter/polling/explainer.h"
#include "exporter/settings/settings.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/api_telemetry.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/process_telemetry.h"

namespace pce {

class Account {
 public:
  struct House {                 // what all accounts share; outlives them
    const std::string& version;  // of this program
    Clock& clock;
    LabelPool& labels;
    SnapshotStore& store;
    prometheus::Registry& registry;
    ProcessTelemetry& telemetry;
  };
  Account(const House& house, const AccountSettings& account, const Settings& settings);

  const std::string& name() const { return name_; }
  AccountPoller& poller() { return poller_; }
  const Explainer& explainer() const { return explainer_; }
  EntraTokenSource& entra() { return entra_; }
  PartnerCenterClient& client() { return client_; }
  ApiTelemetry& calls() { return calls_; }

 private:
  const std::string name_;
  ApiTelemetry calls_;
  PollTelemetry polls_;
  Governor governor_;
  CurlTransport transport_;
  EntraTokenSource entra_;
  CachedTokenSource tokens_;
  PartnerCenterClient client_;
  AccountPoller poller_;
  Explainer explainer_;
};

}  // namespace pce
