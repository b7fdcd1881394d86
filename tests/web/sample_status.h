#pragma once
// A status in which everything that can be told is told, with names that mean no good.
#include <memory>
#include <string>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/web/site_status.h"

namespace pce {

inline constexpr WallTime kSampleNow{std::chrono::milliseconds(1'800'000'000'250)};
inline const std::string kHostileName =
    "</script><script>alert(1)</script>\"' onload=x &amp; \u202E\u0007 Müller";

inline CollectorReport failing_collector() {
  using std::chrono::hours;
  using std::chrono::minutes;
  CollectorReport collector{.source = Source::kClassic};
  CollectorStatus& status = collector.status;
  status.data_set = find_data_set("customer_usage");
  status.facts = {
      .good = false,
      .readings = 12'000,
      .unanswered = 2,
      .next = kSampleNow + minutes(7),
      .oldest = kSampleNow - hours(30),
      .newest = kSampleNow - hours(1),
      .processed = {{"o365", kSampleNow - hours(26)}, {"<crm>", kSampleNow - hours(72)}},
      .rows = 34'567,
      .customers = 11'000,
      .customers_in_doubt = 3};
  status.examination = kSampleNow + hours(20);
  status.planned = 40;
  status.done = 12;
  status.last_error = ErrorSeen{.when = kSampleNow - minutes(3),
                                .source = Source::kClassic,
                                .customer_id = "aaaaaaaa-0000-4000-8000-000000000001",
                                .error = {.kind = ErrorKind::kUpstream,
                                          .message = "customer_usage: HTTP 503, \"<b>no</b>\"",
                                          .http_status = 503,
                                          .api_code = "3000",
                                          .correlation_id = "11111111-aaaa-4000-8000-000000000001"},
                                .pass = "22222222-bbbb-4000-8000-000000000002"};
  status.rounds = {{.begin = kSampleNow - hours(18),
                    .end = kSampleNow - hours(17),
                    .answers = 12'000,
                    .rows = 34'000},
                   {.begin = kSampleNow - hours(12),
                    .end = kSampleNow - hours(11),
                    .answers = 11'900,
                    .in_doubt = 100,
                    .rows = 34'500},
                   {.begin = kSampleNow - hours(6),
                    .end = kSampleNow - hours(5),
                    .answers = 11'998,
                    .failures = 2,
                    .rows = 34'567,
                    .reason = "upstream"}};
  return collector;
}

inline AccountStatus sample_account(const std::string& partner) {
  using std::chrono::hours;
  using std::chrono::minutes;
  AccountStatus account{.partner = partner,
                        .now = kSampleNow,
                        .interval = hours(6),
                        .stale_after = hours(48),
                        .tried = true};
  account.sign_in = {.state = TokenState::kNeedsLogin,
                     .reason = "expired",
                     .message = "The refresh token has expired; somebody has to sign in",
                     .command = "partner_center_exporter login --account=contoso",
                     .api_code = "AADSTS700082",
                     .correlation_id = "33333333-cccc-4000-8000-000000000003",
                     .since = kSampleNow - hours(2),
                     .served = false,
                     .next_try = kSampleNow + minutes(5),
                     .access_token_ends = kSampleNow - minutes(10),
                     .mfa_compliant = false};
  account.credentials = {.refresh_token = kSampleNow + hours(24 * 5),
                         .client_certificate = kSampleNow - hours(24 * 3),
                         .refresh_token_stored = false};
  account.throttling = {
      .paused_for = minutes(4), .pace = 0.25, .calls_left = 1.5, .retries_left = 7.2};
  account.list = {.believed = kSampleNow - hours(5)};
  account.customers = {.listed = 12'000, .excluded = 7, .leaving = 2, .refused = 1};
  CollectorStatus list{.data_set = &customer_info()};
  list.facts = {.good = true,
                .readings = 1,
                .next = kSampleNow + hours(1),
                .oldest = kSampleNow - hours(5),
                .newest = kSampleNow - hours(5),
                .rows = 12'000};
  account.collectors = {{.status = list}, failing_collector()};
  account.drift = {{.data_set = find_data_set("customer_usage"),
                    .drift = {.field = "newField", .kind = DriftKind::kUnknown, .count = 5},
                    .first = kSampleNow - hours(40),
                    .latest = kSampleNow - hours(1)}};
  return account;
}

inline SiteStatus sample_status(LabelPool& labels) {
  CustomerRanking ranking{.generation = 7, .customers = 11'500};
  ranking.largest = {{.partner = labels.intern("contoso"),
                      .customer = labels.intern(kHostileName),
                      .customer_id = labels.intern("aaaaaaaa-0000-4000-8000-000000000001"),
                      .sold = 12'345,
                      .deployed = 12'000}};
  ranking.worst = {{.partner = labels.intern("contoso"),
                    .customer = labels.intern("Fabrikam"),
                    .customer_id = labels.intern("bbbbbbbb-0000-4000-8000-000000000002"),
                    .sold = 400,
                    .deployed = 1}};
  return {.now = kSampleNow,
          .started = kSampleNow - std::chrono::hours(100),
          .version = "1.2.3 <test>",
          .ailing = "",
          .waiting_for = "contoso: needs_login (expired)",
          .series = {.shown = 1'234'567, .left_out = 30, .customers_left_out = 2},
          .accounts = {sample_account("contoso")},
          .ranking = std::make_shared<const CustomerRanking>(std::move(ranking)),
          .spare_licenses = 10};
}

}  // namespace pce
