#pragma once
// How the collectors of one account are doing, for whoever looks at them: rounds, errors, drift,
// what comes next. The poller writes it as things happen, any thread reads; the lock is held for as
// long as a few kilobytes take to copy.
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/insights/drift.h"
#include "exporter/polling/intake.h"
#include "exporter/polling/reading.h"

namespace pce {

// Readings that began within half an interval: where each customer is read by itself they are
// spread over all of it.
struct RoundSeen {
  WallTime begin{}, end{};
  std::size_t answers = 0;   // believed
  std::size_t in_doubt = 0;  // held back, as a whole or for some customers
  std::size_t failures = 0;
  std::size_t rows = 0;  // of the collector, afterwards
  std::string reason{};  // of the last failure, a name of ErrorKind
};

struct ErrorSeen {
  WallTime when{};
  Source source = Source::kClassic;
  std::string customer_id{};  // empty: the reading was about everybody, or the partner
  Error error{};
  std::string pass{};  // the correlation id it was asked under
};

// The state of a collector after its last reading.
struct CollectorFigures {
  bool good = false;                            // everything is answered and believed
  std::size_t readings = 0;                     // that make a round
  std::size_t unanswered = 0;                   // of them: never answered, or not since they failed
  std::optional<WallTime> next{};               // when the next of them is due
  std::optional<WallTime> oldest{}, newest{};   // when what is known was read
  std::map<std::string, WallTime> processed{};  // by Partner Center: the newest by service code
  std::size_t rows = 0;
  std::size_t customers = 0;           // with rows
  std::size_t customers_in_doubt = 0;  // what was last answered about them is held back
  bool whole_in_doubt = false;
};

struct CollectorStatus {
  const DataSet* data_set = nullptr;
  CollectorFigures facts{};
  std::optional<WallTime> examination{};  // when the commercial source is tried again
  std::size_t planned = 0, done = 0;      // readings of the pass under way, or of the last one
  std::optional<ErrorSeen> last_error{};  // it may be over
  std::vector<RoundSeen> rounds{};        // the latest last
};

// An answer that was not as documented.
struct DriftSeen {
  const DataSet* data_set = nullptr;
  FieldDrift drift{};  // as met last; the count is that of one answer
  WallTime first{}, latest{};
};

struct CustomerCounts {
  std::size_t listed = 0;    // in the last believed list
  std::size_t excluded = 0;  // of them, by the configuration
  std::size_t leaving = 0;   // not in that list, and in the one before
  std::size_t refused = 0;   // said not to be ours
};

class StatusBoard {
 public:
  static constexpr std::size_t kRoundsMax = 30;
  static constexpr std::size_t kDriftMax = 50;  // surplus is not noted; metrics count it

  StatusBoard(const std::vector<const DataSet*>& data_sets, std::chrono::milliseconds interval);

  // These are the data sets from now on; those that are new have nothing behind them.
  void adopt(const std::vector<const DataSet*>& data_sets, std::chrono::milliseconds interval);
  // What is read from now on is asked for under this correlation id.
  void pass_begins(const std::string& correlation_id);
  void begins(const std::vector<Reading>& readings);
  void taken(const Reading& reading, const Taken& taken, WallTime now);
  // The customer list was read; `failure`: why it, or a part of it, is not what was wanted.
  void list_read(bool believed, const std::optional<Error>& failure, WallTime now);
  void drift(const DataSet& data_set, std::span<const FieldDrift> found, WallTime now);
  void examines(const DataSet& data_set, std::optional<WallTime> when);
  void facts(const DataSet& data_set, CollectorFigures facts);
  void customers(const CustomerCounts& counts);

  std::vector<CollectorStatus> collectors() const;  // in the order of the data sets
  std::vector<DriftSeen> drift() const;             // the latest first
  CustomerCounts customers() const;

 private:
  enum class Came { kAnswer, kDoubt, kFailure };
  // The following want the mutex held.
  CollectorStatus* find(const DataSet& data_set);  // null: none that anybody asked for
  RoundSeen& round_of(CollectorStatus& collector, WallTime now) const;
  void note(CollectorStatus& collector, Came came, WallTime now);
  void note_error(CollectorStatus& collector, ErrorSeen error);

  mutable std::mutex mutex_;
  std::chrono::milliseconds round_lasts_{};
  std::vector<CollectorStatus> collectors_;
  std::vector<DriftSeen> drift_;
  CustomerCounts customers_;
  std::string pass_;
};

}  // namespace pce
