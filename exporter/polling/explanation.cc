#include "exporter/polling/explanation.h"

#include <algorithm>

#include "exporter/store/series_budget.h"

namespace pce {
namespace {

std::optional<Cause> of_the_customer(Membership membership) {
  switch (membership) {
    case Membership::kExcluded:
      return Cause::kExcluded;
    case Membership::kNotIncluded:
      return Cause::kNotIncluded;
    case Membership::kLeft:
      return Cause::kLeft;
    case Membership::kListed:
    case Membership::kLeaving:
    case Membership::kUnlisted:
      break;
  }
  return std::nullopt;
}

// The customer's own trouble, or that of the reading about everybody.
std::optional<Trouble> trouble_in(const CollectorState& collector) {
  // A slice came after all since its forerunner went away.
  if (collector.trouble && !(collector.trouble->kind == Trouble::Kind::kTooOld && collector.known))
    return collector.trouble;
  // Where the classic source is in use, trouble with the other one is no trouble.
  if (collector.whole.source == Source::kCommercial) return collector.whole.trouble;
  return std::nullopt;
}

// Why there is trouble, or why nothing is known without any.
Cause of_trouble(const AccountState& account, const Trouble* trouble) {
  const bool refused =
      trouble != nullptr && trouble->error && is_about_the_token(trouble->error->kind);
  const bool throttled =
      trouble != nullptr && trouble->error && trouble->error->kind == ErrorKind::kThrottled;
  if (trouble != nullptr && trouble->kind == Trouble::Kind::kNotOurs) return Cause::kNotOurs;
  if (account.token_trouble &&
      (trouble == nullptr || refused || trouble->kind == Trouble::Kind::kTooOld))
    return Cause::kNoToken;
  if (account.paused_for.count() > 0 && (trouble == nullptr || throttled)) return Cause::kThrottled;
  if (trouble == nullptr) return Cause::kNeverRead;
  switch (trouble->kind) {
    case Trouble::Kind::kFailing:
      return Cause::kFailing;
    case Trouble::Kind::kHeld:
      return Cause::kSuspect;
    case Trouble::Kind::kNotOurs:
      return Cause::kNotOurs;
    case Trouble::Kind::kTooOld:
      break;
  }
  return Cause::kTooOld;
}

// Whether the answer about everybody could have had rows of this customer.
bool listed_by_then(const KnownCustomer& customer, const std::optional<WallTime>& answered) {
  return answered && *answered >= customer.since;
}

// Nothing is known, and nothing went wrong.
Cause of_silence(const AccountState& account, const KnownCustomer& customer,
                 const CollectorState& collector) {
  const auto& answered = collector.whole.answered;
  const bool asked = listed_by_then(customer, answered);
  if (asked && account.now - *answered <= account.stale_after) return Cause::kNoData;
  const Cause why = of_trouble(account, nullptr);
  return why == Cause::kNeverRead && asked ? Cause::kTooOld : why;
}

Cause cause_of(const AccountState& account, const KnownCustomer& customer,
               const CollectorState& collector, const Verdict& verdict,
               const std::optional<Trouble>& trouble) {
  if (const auto cause = of_the_customer(customer.membership)) return *cause;
  if (!collector.configured) return Cause::kNotConfigured;
  if (collector.known != nullptr && series_of(*collector.known) > 0 && verdict.series == 0)
    return Cause::kOverSeriesBudget;
  if (customer.membership == Membership::kLeaving) return Cause::kLeaving;
  if (trouble) return of_trouble(account, &*trouble);
  if (collector.known != nullptr)
    return collector.known->records.empty() ? Cause::kNoData : Cause::kShown;
  return of_silence(account, customer, collector);
}

}  // namespace

std::string correlation_id_of(const Trouble& trouble) {
  if (trouble.error && !trouble.error->correlation_id.empty()) return trouble.error->correlation_id;
  return trouble.pass ? *trouble.pass : std::string();
}

const char* name_of(Cause cause) {
  switch (cause) {
    case Cause::kExcluded:
      return "excluded";
    case Cause::kNotIncluded:
      return "not_included";
    case Cause::kLeft:
      return "left";
    case Cause::kNotConfigured:
      return "not_configured";
    case Cause::kOverSeriesBudget:
      return "over_series_budget";
    case Cause::kLeaving:
      return "leaving";
    case Cause::kNotOurs:
      return "not_ours";
    case Cause::kNoToken:
      return "no_token";
    case Cause::kThrottled:
      return "throttled";
    case Cause::kFailing:
      return "failing";
    case Cause::kSuspect:
      return "suspect";
    case Cause::kShown:
      return "shown";
    case Cause::kNoData:
      return "no_data";
    case Cause::kTooOld:
      return "too_old";
    case Cause::kNeverRead:
      return "never_read";
  }
  return "never_read";
}

Verdict verdict_of(const AccountState& account, const KnownCustomer& customer,
                   const CollectorState& collector) {
  Verdict verdict{.collector = collector.data_set->collector, .source = collector.whole.source};
  if (collector.shown != nullptr) verdict.series = series_of(*collector.shown);
  if (const Slice* known = collector.known) {
    verdict.rows = known->records.size();
    verdict.source = known->source;
    verdict.read = known->fetched;
    const auto oldest = std::ranges::min_element(known->processed, {}, &ServiceProcessed::time);
    if (oldest != known->processed.end()) verdict.processed = oldest->time;
  }
  const auto trouble = trouble_in(collector);
  verdict.cause = cause_of(account, customer, collector, verdict, trouble);
  verdict.trouble = trouble;
  verdict.trouble_with_all = trouble && !collector.trouble;
  if (!verdict.read && trouble) verdict.read = trouble->last_read;
  if (!verdict.read && listed_by_then(customer, collector.whole.answered))
    verdict.read = collector.whole.answered;
  return verdict;
}

}  // namespace pce
