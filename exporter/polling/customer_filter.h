#pragma once
// customers.include and customers.exclude: whom we read and show.
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "exporter/base/units.h"
#include "exporter/settings/customer_pattern.h"

namespace pce {

// What the filter says of a customer, and why.
struct Admission {
  enum class Kind { kAdmitted, kExcluded, kNotIncluded };
  Kind kind = Kind::kAdmitted;
  std::size_t entry = 0;  // of kExcluded: the first one of `exclude` that fits
  friend bool operator==(const Admission&, const Admission&) = default;
};

// Entries are tenant ids or names; "*" in them stands for any text, ASCII letters of either case
// are equal. A customer is admitted when an entry of `include` fits its id or its name, or
// `include` is empty, and none of `exclude` does.
class CustomerFilter {
 public:
  CustomerFilter() = default;  // admits everybody
  CustomerFilter(std::vector<CustomerPattern> include, std::vector<CustomerPattern> exclude);

  Admission judge(const TenantId& id, std::string_view name) const;
  bool admits(const TenantId& id, std::string_view name) const {
    return judge(id, name).kind == Admission::Kind::kAdmitted;
  }
  bool admits_everybody() const { return include_.empty() && exclude_.empty(); }
  const std::vector<CustomerPattern>& include() const { return include_; }
  const std::vector<CustomerPattern>& exclude() const { return exclude_; }

  // The customers that `include` names by their ids and nothing else, where it names at most
  // kIdsMax: few enough to be asked for by name. Empty: ask for everybody.
  static constexpr std::size_t kIdsMax = 20;
  std::span<const TenantId> ids_to_ask_for() const { return ids_; }
  friend bool operator==(const CustomerFilter&, const CustomerFilter&) = default;

 private:
  std::vector<CustomerPattern> include_;
  std::vector<CustomerPattern> exclude_;
  std::vector<TenantId> ids_;
};

}  // namespace pce
