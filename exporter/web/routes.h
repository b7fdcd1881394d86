#pragma once
// Which path gets which answer. Knows no socket. Any thread.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exposition/scrape.h"
#include "exporter/polling/explainer.h"
#include "exporter/web/scrape_places.h"
#include "exporter/web/site_status.h"
#include "exporter/web/web_message.h"

namespace pce {

struct Readiness {
  bool ready = false;
  std::string reason{};  // why not, in words for an operator; may stay empty when ready
};

struct ReloadOutcome {
  enum class Kind { kDone, kRefused, kBusy };
  Kind kind = Kind::kDone;
  std::string reason{};  // of kRefused: why the configuration of before stays
};

struct SiteParts {
  std::string telemetry_path = "/metrics";  // as the command line accepts it: plain and not taken
  std::function<std::vector<std::string>()> partners;  // the names of all accounts
  std::function<ScrapeAnswer(const ScrapeRequest&)> scrape;
  std::function<Readiness()> ready;
  std::function<std::string()> ailing{};  // why only a restart helps; empty: healthy
  std::function<SiteStatus()> status;   // from memory, at once; without `ailing` and `waiting_for`
  std::function<std::string()> config;  // the configuration in use, in YAML, without secrets
  std::function<CustomerAnswer(const CustomerQuestion&)> explain;  // from memory, at once
  std::function<ReloadOutcome()> reload{};  // of the configuration; takes a moment
  // Called once per answer; `handler` is a path of ours or "other", so its values are few.
  std::function<void(std::string_view handler, int code)> count;
  int scrapes_at_once = 40;  // see scrape_places.h; more get 503; 0: no limit
};

class Routes {
 public:
  explicit Routes(SiteParts parts);
  // Throws what the parts throw, after counting it as a 500.
  WebResponse answer(const WebRequest& request) const;

 private:
  WebResponse answer_path(const WebRequest& request) const;
  WebResponse scrape(const WebRequest& request) const;
  SiteStatus status() const;
  WebResponse status_page(const WebRequest& request) const;
  WebResponse healthy(const WebRequest& request) const;
  WebResponse ready(const WebRequest& request) const;
  WebResponse explain(const WebRequest& request) const;
  WebResponse reload(const WebRequest& request) const;
  WebResponse not_found() const;
  std::string_view handler_of(std::string_view path) const;

  SiteParts parts_;
  std::shared_ptr<ScrapePlaces> places_;  // shared with answers on their way, which may outlive us
};

}  // namespace pce
