#pragma once
// Why a customer has, or lacks, series: from what is known at one moment to one cause a collector.
// Pure.
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/insights/data_set.h"
#include "exporter/insights/source.h"
#include "exporter/polling/customer_register.h"
#include "exporter/polling/poll_record.h"
#include "exporter/store/slice.h"

namespace pce {

// Every cause there is. The first that holds counts, in this order.
enum class Cause {
  // Of the customer as a whole; each collector has the same one.
  kExcluded,     // by an entry of customers.exclude
  kNotIncluded,  // by no entry of customers.include
  kLeft,         // two lists in a row did not name it, or one and the code 20002
  // Of one collector.
  kNotConfigured,     // insights.collectors does not name it
  kOverSeriesBudget,  // its rows are known; limits.series keeps them from being shown
  kLeaving,           // the last customer list did not name it; what is shown stays until the next
  kNotOurs,           // Partner Center says so (20002, 60002, 60003) although the list names it
  kNoToken,           // nothing is read because the account has none
  kThrottled,         // nothing is read until a Retry-After is over
  kFailing,           // the last reading failed
  kSuspect,           // the last answer has no rows, or far fewer: held back until confirmed
  kShown,             // nothing stands in the way
  kNoData,            // Partner Center has no rows about it
  kTooOld,            // not read for longer than insights.stale_after
  kNeverRead          // not read yet
};
const char* name_of(Cause cause);  // "never_read"

// What is known beside the customer's own things.
struct AccountState {
  std::string partner{};
  WallTime now{};
  std::chrono::milliseconds stale_after{};
  std::chrono::milliseconds paused_for{};      // by Retry-After; 0: not
  std::optional<std::string> token_trouble{};  // a sentence; nullopt: there is a token
  ListRecord list{};
  bool reads_customers = true;  // false: insights.collectors names partner-wide insights only
};

// Of the last call that brought this trouble, for a ticket with Microsoft; may be empty.
std::string correlation_id_of(const Trouble& trouble);

struct CollectorState {
  const DataSet* data_set = nullptr;
  bool configured = true;
  CollectorRecord whole{};
  std::optional<Trouble> trouble{};  // with this customer
  const Slice* known = nullptr;
  const Slice* shown = nullptr;
};

struct Verdict {
  std::string collector{};
  Cause cause = Cause::kNeverRead;
  std::size_t series = 0;  // on the metrics page
  std::size_t rows = 0;    // known, shown or not
  std::optional<Source> source{};
  std::optional<WallTime> read{};       // when those rows, or that there are none, were read
  std::optional<WallTime> processed{};  // by Partner Center; the oldest of several services
  std::optional<Trouble> trouble{};     // of the last reading, …
  bool trouble_with_all = false;        // … which was about all customers
};

struct Explanation {
  AccountState account{};
  KnownCustomer customer{};
  // Of kExcluded; without its text where that may not be shown.
  std::optional<CustomerPattern> pattern{};
  int include_line = 0;  // of kNotIncluded: where its first entry stands
  std::vector<Verdict> verdicts{};
};

Verdict verdict_of(const AccountState& account, const KnownCustomer& customer,
                   const CollectorState& collector);

}  // namespace pce
