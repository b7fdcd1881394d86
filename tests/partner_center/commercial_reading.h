#pragma once
// A commercial service that answers by script, and a page reader for its made-up bodies: each body
// is a name, under which the script says what the reader finds in it.
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <prometheus/registry.h>

#include "exporter/partner_center/commercial_pages.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_token_source.h"
#include "tests/support/scripted_transport.h"

namespace pce {

inline WallTime day(int n) { return WallTime(std::chrono::days(17'000 + n)); }

// An answer: a page with these facts, or a status that is none.
struct CommercialAnswer {
  PageFacts facts{};
  int status = 200;
  std::string body{};  // empty: one that no other page has; "broken": the reader refuses it
};

class CommercialReading : public testing::Test {
 protected:
  using Answer = std::function<CommercialAnswer(const std::string& target, std::size_t nth)>;

  // Asks once more of the same account, see `pages_`.
  Result<PagesRead> read(const Answer& answer,
                         CommercialQuestion question = {
                             .operation = "bulk", .path = "analytics/commercial/usage/license"}) {
    answer_ = answer;
    targets_.clear();
    taken_.clear();
    return pages_.read(
        question,
        [this]() -> PageReader {
          taken_.emplace_back();
          return [this](std::string_view body) { return take(body); };
        },
        stop_.get_token());
  }

  Result<FirstPage> first_page(const Answer& answer) {
    answer_ = answer;
    targets_.clear();
    taken_.assign(1, {});
    return pages_.first_page(
        {.operation = "bulk", .path = "analytics/commercial/usage/license"},
        [this](std::string_view body) { return take(body); }, stop_.get_token());
  }

  std::vector<std::string> targets_;             // what was asked, below the base
  std::vector<std::vector<std::size_t>> taken_;  // rows of each page, reader by reader
  std::stop_source stop_;

 private:
  static constexpr std::string_view kBase = "https://api.example";

  Result<PageFacts> take(std::string_view body) {
    if (body == "broken") return Error{.kind = ErrorKind::kMalformed, .message = "broken body"};
    if (body == "full") return Error{.kind = ErrorKind::kInternal, .message = "no room"};
    const PageFacts& facts = facts_.at(std::string(body));
    taken_.back().push_back(facts.rows);
    return facts;
  }

  Result<HttpResponse> send(const HttpRequest& request) {
    if (!request.url.starts_with(kBase)) throw std::logic_error("asked elsewhere: " + request.url);
    const std::string target = request.url.substr(kBase.size());
    CommercialAnswer answer = answer_(target, targets_.size());
    targets_.push_back(target);
    if (answer.body.empty()) answer.body = "page " + std::to_string(facts_.size());
    facts_[answer.body] = answer.facts;
    return HttpResponse{.status = answer.status, .body = answer.body};
  }

  Answer answer_;
  std::map<std::string, PageFacts> facts_;
  ScriptedTransport transport_{[this](const HttpRequest& request) { return send(request); }};
  FakeClock clock_;
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"bulk"}};
  FixedTokenSource tokens_{{"access-token"}};
  Governor governor_{clock_, {.requests_per_minute = 1'000'000, .concurrency = 1}};
  PartnerCenterClient client_{transport_, tokens_,    governor_,
                              clock_,     telemetry_, {.api_base = std::string(kBase)}};

 protected:
  CommercialPages pages_{client_};
};

}  // namespace pce
