#include "exporter/polling/customer_filter.h"

#include <algorithm>
#include <utility>

namespace pce {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

auto first_that_fits(const std::vector<CustomerPattern>& patterns, const TenantId& id,
                     std::string_view name) {
  return std::ranges::find_if(patterns, [&](const CustomerPattern& pattern) {
    return fits(pattern.text, id.text()) || fits(pattern.text, name);
  });
}

}  // namespace

bool fits(std::string_view pattern, std::string_view text) {
  // Where the text after the latest "*" does not fit, that "*" takes one character more.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && lower(pattern[p]) == lower(text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

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
