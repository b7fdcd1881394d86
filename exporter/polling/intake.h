#pragma once
// Judges answers, and brings those that are believed to the publisher. Not thread-safe.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/polling/answer_guard.h"
#include "exporter/polling/customer_book.h"
#include "exporter/polling/publisher.h"
#include "exporter/polling/reading.h"
#include "exporter/telemetry/poll_telemetry.h"

namespace pce {

struct Taken {
  enum class Kind {
    kNotMade,
    kShown,
    kHeld,     // not believed, what was shown stays: of some customers, see `doubtful`
    kAllHeld,  // likewise, of the whole answer
    kRefused,  // not our customer
    kFailed
  };
  // An answer in doubt, or the part of it that is about one customer.
  struct Doubtful {
    std::optional<TenantId> customer;  // nullopt: the whole answer
    std::size_t rows_before;           // shown now; 0 where they grew too old meanwhile
    std::size_t rows;                  // of the answer
  };
  Kind kind = Kind::kNotMade;
  std::vector<Doubtful> doubtful{};  // of kHeld and kAllHeld
  std::optional<Error> error{};      // of kFailed, and of kRefused
};

// An answer that was believed before this process began.
struct RecalledAnswer {
  Reading reading{};
  BulkDecoded answer{};
  std::optional<std::int64_t> rows_announced{};
  Moment fetched{};
  std::vector<TenantId> held{};  // whom it is not believed about, sorted
};

class Intake {
 public:
  struct Parts {
    Publisher& publisher;
    CustomerBook& book;
    LabelPool& labels;
    PollTelemetry& telemetry;
    const Clock& clock;
  };
  // `both_sources`: a doubtful answer can be held against the other source, so that it need not be
  // believed for being repeated.
  Intake(Parts parts, std::string partner, GuardRules rules, bool both_sources);

  void adopt(GuardRules rules, bool both_sources);  // from now on; doubts stay
  // It is not read any more: its slices and doubts go.
  void forget(const DataSet& data_set);

  Taken take(const Reading& reading, Outcome outcome);
  // Shows these again, the oldest first, all at once.
  void recall(std::vector<RecalledAnswer> answers);
  // The classic source has spoken about every customer: the doubt about a whole commercial answer
  // ends.
  void settle(const DataSet& data_set);
  // Slices and doubts of customers that are not ours any more go.
  void forget_strangers();

  std::size_t rows(const DataSet& data_set) const;  // of the last answers
  // Customers whose last answer is not believed.
  std::size_t customers_in_doubt(const DataSet& data_set) const;
  // Whether the data set as a whole is in doubt: the whole of an answer, or so many customers that
  // far fewer rows would be left without them.
  bool whole_in_doubt(const DataSet& data_set) const;

 private:
  Taken take_one(const Reading& reading, Outcome& outcome);
  Taken take_many(const Reading& reading, Outcome& outcome);
  bool doubts_whole(const Reading& reading, std::size_t before, std::size_t now);
  std::vector<TenantId> shown_or_doubted(const DataSet& data_set) const;
  void count(const Reading& reading, const BulkDecoded& answer);
  void note_rows(const Reading& reading, std::size_t rows);
  void drop(const TenantId& customer);
  using Slices = std::map<SliceKey, Slice>;
  void recall_many(RecalledAnswer& recalled, Slices& slices);
  Slice slice_of(const Reading& reading, const TenantId* customer, Decoded decoded,
                 const Moment& fetched) const;
  Moment now() const { return {.wall = parts_.clock.wall(), .steady = parts_.clock.steady()}; }
  SliceKey key_of(const DataSet& data_set, const TenantId& customer) const;
  SliceKey whole_key(const DataSet& data_set) const { return {&data_set, "*", partner_}; }
  std::size_t records_shown(const SliceKey& key) const;
  std::size_t records_shown(const DataSet& data_set) const;

  const Parts parts_;
  const SharedText partner_;
  bool both_sources_;
  AnswerGuard guard_;
  std::map<SliceKey, std::size_t> rows_;  // by reading
};

}  // namespace pce
