#include "exporter/polling/customer_filter.h"

#include <algorithm>
#include <utility>

#include "exporter/base/wildcard.h"

namespace pce {
namespace {

auto first_that_fits(const std::vector<CustomerPattern>& patterns, const TenantId& id,
                     std::string_view name) {
  return std::ranges::find_if(patterns, [&](const CustomerPattern& pattern) {
    return fits(pattern.text, id.text()) || fits(pattern.text, name);
  });
}

}  // namespace

CustomerFilter::CustomerFilter(std::vector<CustomerPattern> include,
                               std::vector<CustomerPattern> exclude)
    : include_(std::move(include)), exclude_(std::move(exclude)) {
  for (const CustomerPattern& entry : include_) {
    auto id = TenantId::parse(entry.text);
    if (!id || ids_.size() == kIdsMax) {
      ids_.clear();
      return;
    }
    ids_.push_back(std::move(*id));
  }
}

Admission CustomerFilter::judge(const TenantId& id, std::string_view name) const {
  const auto excluded = first_that_fits(exclude_, id, name);
  if (excluded != exclude_.end()) {
    return {.kind = Admission::Kind::kExcluded,
            .entry = static_cast<std::size_t>(excluded - exclude_.begin())};
  }
  if (!include_.empty() && first_that_fits(include_, id, name) == include_.end())
    return {.kind = Admission::Kind::kNotIncluded};
  return {};
}

}  // namespace pce
