#pragma once
// What a look at one account found, and what all reckoning about it starts from.
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/commands/call_meter.h"
#include "exporter/commands/estimate.h"
#include "exporter/insights/data_set.h"
#include "exporter/polling/answer_guard.h"

namespace pce {

using Seconds = std::chrono::duration<double>;

struct CollectorFacts {
  const DataSet* data_set = nullptr;
  Source source = Source::kCommercial;  // the one that serves
  std::string refusal{};        // why the commercial one does not, where it was asked; else empty
  CallCost in_vain{};           // what it took to be told that
  std::size_t readings = 1;     // one, or one a customer
  std::size_t pages = 1;        // calls of a reading
  Estimate rows{}, series{};    // of all readings; series of chosen customers only
  Seconds each{}, closing{};    // of a call and of a reading: see CallChain
  std::size_t rows_merged = 0;  // of those looked at
  std::size_t looked_at = 1;    // readings made, or begun
  bool first_page_only = false;
  std::size_t failed = 0;  // of the readings made
  std::string first_failure{};
};

struct ListFacts {
  std::size_t customers = 0;
  std::size_t chosen = 0;  // admitted by customers.include and exclude
  std::size_t pages = 0;
  std::optional<std::size_t> resellers{};  // nullopt: not asked for
  std::size_t reseller_pages = 0;          // theirs and their customers'
  Seconds each{};                          // of a page
};

struct AccountFacts {
  std::string name;
  std::optional<ListFacts> list{};  // nullopt: no collector wants customers
  std::vector<CollectorFacts> collectors{};
  Seconds sign_in{};
  // What finding out took.
  std::size_t calls = 0;  // without sign-ins
  std::size_t sign_ins = 0;
  Seconds time{};
  std::optional<Error> failure{};  // why it could not be found out; the rest is as far as it came
};

}  // namespace pce
