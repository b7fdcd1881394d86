#pragma once
// customers.include and customers.exclude: whom we read and show.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/units.h"

namespace pce {

// Entries are tenant ids or names; "*" in them stands for any text, ASCII letters of either case
// are equal. A customer is admitted when an entry of `include` fits its id or its name, or
// `include` is empty, and none of `exclude` does.
class CustomerFilter {
 public:
  CustomerFilter() = default;  // admits everybody
  CustomerFilter(std::vector<std::string> include, std::vector<std::string> exclude);

  bool admits(const TenantId& id, std::string_view name) const;
  bool admits_everybody() const { return include_.empty() && exclude_.empty(); }

  // The customers that `include` names by their ids and nothing else, where it names at most
  // kIdsMax: few enough to be asked for by name. Empty: ask for everybody.
  static constexpr std::size_t kIdsMax = 20;
  std::span<const TenantId> ids_to_ask_for() const { return ids_; }

 private:
  std::vector<std::string> include_;
  std::vector<std::string> exclude_;
  std::vector<TenantId> ids_;
};

// Whether `text` reads as `pattern` says, as described above.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace pce
