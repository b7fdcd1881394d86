#pragma once
// What of an account wants somebody's attention, in words. Pure.
#include <chrono>
#include <string>
#include <vector>

#include "exporter/polling/status.h"
#include "exporter/polling/wording.h"

namespace pce {

struct Concern {
  enum class Weight {
    kNotice,  // good to know, or over by itself
    kTrouble  // figures are missing or growing old, or will
  };
  Weight weight = Weight::kNotice;
  std::string collector{};  // empty: the account as a whole
  Words words{};
  std::string correlation_id{};  // for a ticket with Microsoft; empty: none is known
};

// As the alerting rules have it: Partner Center itself has been seen to lag ten days.
inline constexpr std::chrono::hours kOldAtSource{14 * 24};
inline constexpr std::chrono::hours kEndsSoon{14 * 24};  // of a credential

std::vector<Concern> concerns_about(const AccountStatus& account);  // the gravest first
const char* name_of(Concern::Weight weight);                        // "notice", "trouble"

}  // namespace pce
