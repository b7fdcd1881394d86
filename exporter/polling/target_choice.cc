#include "exporter/polling/target_choice.h"

#include <algorithm>

#include "exporter/base/wildcard.h"

namespace pce {

const CustomerTarget* TargetChoice::of(const TenantId& id, std::string_view name) const {
  const auto names = [&](const CustomerPattern& pattern) {
    return fits(pattern.text, id.text()) || fits(pattern.text, name);
  };
  const auto found = std::ranges::find_if(entries_, [&](const CustomerTarget& entry) {
    return std::ranges::any_of(entry.match, names);
  });
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace pce
