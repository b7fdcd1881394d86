#include "exporter/polling/customer_filter.h"

#include <algorithm>
#include <utility>

namespace pce {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool any_fits(const std::vector<std::string>& patterns, const TenantId& id, std::string_view name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return fits(pattern, id.text()) || fits(pattern, name);
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

CustomerFilter::CustomerFilter(std::vector<std::string> include, std::vector<std::string> exclude)
    : include_(std::move(include)), exclude_(std::move(exclude)) {
  for (const std::string& entry : include_) {
    auto id = TenantId::parse(entry);
    if (!id || ids_.size() == kIdsMax) {
      ids_.clear();
      return;
    }
    ids_.push_back(std::move(*id));
  }
}

bool CustomerFilter::admits(const TenantId& id, std::string_view name) const {
  if (!include_.empty() && !any_fits(include_, id, name)) return false;
  return !any_fits(exclude_, id, name);
}

}  // namespace pce
