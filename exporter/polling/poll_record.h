#pragma once
// What became of the readings of one account and who its customers are, kept for whoever asks why
// something is shown or is not. The poller's threads write it as things happen, any thread reads.
// The store tells what is known of a customer, of which source and age; here stands what the store
// cannot tell, so that in good times there is next to nothing here.
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/polling/customer_register.h"
#include "exporter/polling/intake.h"
#include "exporter/polling/reading.h"

namespace pce {

// Why the last reading brought nothing that is shown.
struct Trouble {
  enum class Kind {
    kFailing,
    kHeld,     // an answer in doubt: without rows, or with far fewer than there were
    kNotOurs,  // Partner Center says the customer is not ours
    kTooOld    // what was shown went away by its age; nothing is known to have failed
  };
  Kind kind = Kind::kFailing;
  Source source = Source::kClassic;
  WallTime since{};                       // since when it is this kind of trouble
  WallTime latest{};                      // when it was met last
  std::size_t rows_before = 0, rows = 0;  // of kHeld: see Taken::Doubtful
  std::optional<WallTime> next_try{};
  std::optional<WallTime> last_read{};        // when the rows were read that went away by their age
  std::shared_ptr<const Error> error{};       // of kFailing and kNotOurs
  std::shared_ptr<const std::string> pass{};  // correlation id of the pass that met it last
};

// A collector as a whole.
struct CollectorRecord {
  std::optional<Source> source{};      // in use
  std::optional<WallTime> answered{};  // the last believed answer about everybody at once
  std::optional<Trouble> trouble{};    // of the reading about everybody, or about the partner
};

struct ListRecord {
  std::optional<WallTime> believed{};  // when the last believed customer list came
  std::optional<Trouble> trouble{};
};

class PollRecord {
 public:
  static constexpr std::size_t kLeftMax = 10'000;  // so many of those who left are remembered

  // What is taken from now on was asked for under this correlation id.
  void pass_begins(const std::string& correlation_id);
  void taken(const Reading& reading, const Taken& taken, WallTime now);
  void source_in_use(const DataSet& data_set, Source source);
  void forget(const DataSet& data_set);  // it is not read any more
  void next_try(const SliceKey& reading, WallTime when);
  void too_old(const Slice& slice, WallTime now);  // it was taken away for its age
  // `failure`: why the list is not believed; nullopt: it is.
  void list_read(const std::optional<Error>& failure, WallTime now, std::optional<WallTime> next);
  // Takes the place of the former register; whom that read and this one does not name has left.
  void customers_are(std::shared_ptr<const CustomerRegister> customers, WallTime now);
  void left(const TenantId& customer, WallTime now);  // between two lists

  CollectorRecord collector(const DataSet& data_set) const;
  std::optional<Trouble> trouble(const DataSet& data_set, std::string_view customer_id) const;
  ListRecord list() const;
  std::shared_ptr<const CustomerRegister> customers() const;  // never null
  std::vector<KnownCustomer> those_who_left() const;          // the latest last

 private:
  using Troubles = std::map<SharedText, Trouble, std::less<>>;  // by customer id
  struct Collector {
    CollectorRecord whole;
    Troubles troubles;
  };
  // The following want the mutex held.
  void remember_left(KnownCustomer customer, WallTime now);
  void everybody_answered(const Reading& reading, const Taken& taken, WallTime now);

  mutable std::mutex mutex_;
  std::shared_ptr<const std::string> pass_;
  std::map<const DataSet*, Collector> collectors_;
  ListRecord list_;
  std::shared_ptr<const CustomerRegister> customers_ = std::make_shared<const CustomerRegister>();
  std::deque<KnownCustomer> left_;
};

}  // namespace pce
