#pragma once
// What is wanted of customers, and who looks after them. The exporter judges nobody by it: it shows
// these figures beside the licences, for the rules of whoever alerts.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exporter/settings/customer_pattern.h"

namespace pce {

// What holds for some customers instead of what holds for all; what is not set does not differ.
struct CustomerTarget {
  std::vector<CustomerPattern> match{};  // at least one; the customers it is about
  std::optional<std::int64_t> deployment_percent{};
  std::optional<std::int64_t> usage_percent{};
  std::optional<std::int64_t> spare_licenses{};
  std::string owner{};  // empty: not set
  friend bool operator==(const CustomerTarget&, const CustomerTarget&) = default;
};

struct TargetSettings {
  std::int64_t deployment_percent = 50;         // 0..100, of the seats sold; 0: anything will do
  std::int64_t usage_percent = 30;              // 0..100, of the seats assigned; 0: likewise
  std::int64_t spare_licenses = 10;             // so many unused seats are nobody's concern
  std::int64_t sold_drop_percent = 20;          // 1..100: fewer by more than this is a sudden drop
  std::string owner{};                          // of all customers without one; empty: nobody
  std::vector<std::string> ignored_products{};  // names as shown, none twice
  std::vector<CustomerTarget> customers{};      // the first one that fits a customer holds
};

}  // namespace pce
