#pragma once
// A site of which nothing is to be said: ready, with one body to scrape and no accounts.
#include <memory>
#include <string>
#include <utility>

#include "exporter/web/routes.h"
#include "tests/support/body.h"

namespace pce {

inline SiteParts plain_site(Body metrics) {
  return {.partners = [] { return std::vector<std::string>(); },
          .scrape =
              [metrics = std::move(metrics)](const ScrapeRequest&) {
                return ScrapeAnswer{.content_type = "text/plain; version=0.0.4", .body = metrics};
              },
          .ready = [] { return Readiness{.ready = true}; },
          .status = [] { return SiteStatus{.ranking = std::make_shared<const CustomerRanking>()}; },
          .config = [] { return std::string(); },
          .explain = [](const CustomerQuestion&) { return CustomerAnswer(); },
          .count = [](std::string_view, int) {}};
}
inline SiteParts plain_site(const std::string& metrics = "a 1\n") {
  return plain_site(body_of(metrics));
}

}  // namespace pce
