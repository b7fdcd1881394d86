#include "exporter/polling/source_choice.h"

#include <algorithm>
#include <utility>

namespace pce {

SourceChoice::SourceChoice(const SourceRules& rules)
    : rules_(rules), current_(rules.fixed.value_or(Source::kCommercial)) {}

bool SourceChoice::fall_back(bool refused, SteadyTime now) {
  if (!may_change()) return false;
  refused_ = refused;
  examine_at_ = now + rules_.reexamine;
  return std::exchange(current_, Source::kClassic) != Source::kClassic;
}

bool SourceChoice::commercial_answered() {
  if (!may_change()) return false;
  refused_ = false;
  examine_at_.reset();
  return std::exchange(current_, Source::kCommercial) != Source::kCommercial;
}

void SourceChoice::examine_soon(SteadyTime now) {
  if (examine_at_ && !refused_) examine_at_ = std::min(*examine_at_, now);
}

}  // namespace pce
