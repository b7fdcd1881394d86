#include "exporter/polling/round_report.h"

#include "exporter/telemetry/log.h"

namespace pce {

void RoundReport::note(const Taken& taken) {
  using Kind = Taken::Kind;
  switch (taken.kind) {
    case Kind::kNotMade:
      ++not_made_;
      return;
    case Kind::kShown:
    case Kind::kRefused:
      ++answers_;
      return;
    case Kind::kHeld:
    case Kind::kAllHeld:
      ++answers_;
      ++held_;
      return;
    case Kind::kFailed:
      if (taken.error) failed(*taken.error);
      return;
  }
}

void RoundReport::failed(const Error& error) {
  ++failures_[name_of(error.kind)];
  if (!first_error_) first_error_ = error;
}

void RoundReport::write(const Totals& totals, bool complete) {
  std::string failures;
  for (const auto& [kind, count] : failures_) {
    if (!failures.empty()) failures += ' ';
    failures.append(kind).append("=").append(std::to_string(count));
  }
  log(complete ? LogLevel::kInfo : LogLevel::kWarn,
      complete ? "Round finished" : "Round finished with failures",
      {{"partner", totals.partner},
       {"customers", totals.customers},
       {"answers", answers_},
       {"answers_in_doubt", held_},
       {"rows", totals.rows},
       {"unavailable_customers", totals.customers_refused},
       {"customers_in_doubt", totals.customers_in_doubt},
       {"failures", failures},
       {"calls_not_made", not_made_},
       {"duration_seconds", std::chrono::duration<double>(spent_).count()},
       {"first_error", first_error_ ? first_error_->message : std::string()},
       {"correlation_id", first_error_ ? first_error_->correlation_id : std::string()}});
  *this = RoundReport();
}

}  // namespace pce
