#pragma once
// Routes over a site that is made up, and notes what it is asked.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "exporter/web/routes.h"
#include "tests/support/body.h"

namespace pce {

inline std::string header(const WebResponse& response, std::string_view name) {
  for (const Header& each : response.headers) {
    if (each.name == name) return each.value;
  }
  return "";
}

class RoutesTest : public testing::Test {
 protected:
  SiteParts parts() {
    return SiteParts{
        .partners = [] { return std::vector<std::string>{"contoso"}; },
        .scrape =
            [this](const ScrapeRequest& request) {
              accept_ = request.accept;
              everything_ = request.selection.everything();
              const bool gzip = request.accept_encoding == "gzip";
              return ScrapeAnswer{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                                  .content_encoding = gzip ? "gzip" : "",
                                  .body = body_of(gzip ? "packed" : "up_to_date 1\n")};
            },
        .ready = [this] { return readiness_; },
        .status =
            [] {
              return SiteStatus{.version = "1.2.3 <test>",
                                .ranking = std::make_shared<const CustomerRanking>()};
            },
        .config = [] { return std::string("accounts: []\n"); },
        .explain =
            [this](const CustomerQuestion& question) {
              asked_ = question.partner + "/" + question.customer;
              CustomerAnswer answer;
              if (question.customer == "Contoso") answer.found.emplace_back();
              return answer;
            },
        .count = [this](
                     std::string_view handler,
                     int code) { ++counted_[std::string(handler) + " " + std::to_string(code)]; }};
  }

  Readiness readiness_{.ready = true};
  std::string accept_, asked_;
  bool everything_ = false;
  std::map<std::string, int> counted_;
};

}  // namespace pce
