#include "exporter/polling/source_choice.h"

#include <algorithm>
#include <utility>

namespace pce {

bool refuses(ErrorKind kind) {
  return kind == ErrorKind::kNotFound || kind == ErrorKind::kForbidden ||
         kind == ErrorKind::kRejected;
}

bool ends_commercial(ErrorKind kind) {
  return refuses(kind) || kind == ErrorKind::kMalformed || kind == ErrorKind::kTooLarge;
}

SourceChoice::SourceChoice(const SourceRules& rules)
    : rules_(rules), current_(rules.fixed.value_or(Source::kCommercial)) {}

bool SourceChoice::rules_are(const SourceRules& rules, SteadyTime now) {
  const SourceRules former = std::exchange(rules_, rules);
  if (examine_at_) *examine_at_ = std::min<SteadyTime>(*examine_at_, now + rules.reexamine);
  if (former.fixed == rules.fixed) return false;
  refused_ = false;
  failing_since_.reset();
  examine_at_.reset();
  if (rules.fixed) return std::exchange(current_, *rules.fixed) != *rules.fixed;
  if (current_ == Source::kClassic) examine_at_ = now;
  return false;
}

void SourceChoice::resume(Source source, SteadyTime examine_at) {
  if (!may_change()) return;
  current_ = source;
  ever_answered_ = source == Source::kCommercial;
  examine_at_.reset();
  if (source == Source::kClassic) examine_at_ = examine_at;
}

bool SourceChoice::fall_back(bool refused, SteadyTime now) {
  if (!may_change()) return false;
  refused_ = refused;
  examine_at_ = now + rules_.reexamine;
  failing_since_.reset();
  return std::exchange(current_, Source::kClassic) != Source::kClassic;
}

bool SourceChoice::commercial_failed(SteadyTime now) {
  if (!failing_since_) failing_since_ = now;
  const auto patience =
      ever_answered_ ? rules_.patience : std::min(rules_.patience, kPatienceAtFirst);
  return now - *failing_since_ >= patience;
}

bool SourceChoice::commercial_answered() {
  failing_since_.reset();
  ever_answered_ = true;
  if (!may_change()) return false;
  refused_ = false;
  examine_at_.reset();
  return std::exchange(current_, Source::kCommercial) != Source::kCommercial;
}

void SourceChoice::examine_soon(SteadyTime now) {
  if (examine_at_ && !refused_) examine_at_ = std::min(*examine_at_, now);
}

}  // namespace pce
