#pragma once
// Which entry of targets.customers is about which customer.
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/units.h"
#include "exporter/settings/customer_targets.h"

namespace pce {

class TargetChoice {
 public:
  TargetChoice() = default;  // nobody is special
  explicit TargetChoice(std::vector<CustomerTarget> entries) : entries_(std::move(entries)) {}

  // The first entry that names the customer as customers.include would; nullptr: none does.
  const CustomerTarget* of(const TenantId& id, std::string_view name) const;
  bool empty() const { return entries_.empty(); }
  friend bool operator==(const TargetChoice&, const TargetChoice&) = default;

 private:
  std::vector<CustomerTarget> entries_;
};

}  // namespace pce
