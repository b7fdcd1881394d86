#pragma once
// Brings believed answers to the response log without making anybody wait for a disk. Where they
// cannot be written they are held in memory and tried again; polling goes on either way.
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/seal.h"
#include "exporter/store/response_log.h"
#include "exporter/store/stored_answer.h"
#include "exporter/telemetry/storage_telemetry.h"

namespace pce {

class AnswerKeeper {
 public:
  static constexpr std::chrono::seconds kTryAgain{30};
  static constexpr std::chrono::seconds kLastWords{5};  // what is left at the end may take so long

  // `seal`: of the bodies in the file, none: they are there as they came. What another seal, or
  // none, kept is removed before anything is written.
  AnswerKeeper(std::filesystem::path folder, Clock& clock, StorageTelemetry& telemetry,
               std::optional<Seal> seal = std::nullopt)
      : folder_(std::move(folder)), clock_(clock), telemetry_(telemetry), seal_(std::move(seal)) {}

  // What was kept and can be trusted, the oldest first; once, before anything else. Answers fetched
  // before `oldest` are not among them and go.
  std::vector<StoredAnswer> recall(WallTime oldest);

  // Any thread, at once: see ResponseLog. What takes the place of something that waits takes its
  // place here already.
  void put(StoredAnswer answer);
  void forget(std::string account, std::string collector, std::string customer);
  void forget_others(std::string account, std::vector<std::string> customers);

  // Writes what comes until `stop` is requested, and then what is left.
  void run(std::stop_token stop);
  std::size_t waiting() const;

 private:
  struct Forget {
    std::string account, collector, customer;
  };
  struct ForgetOthers {
    std::string account;
    std::vector<std::string> customers;
  };
  struct ForgetOld {
    WallTime before;
  };
  using Change = std::variant<StoredAnswer, Forget, ForgetOthers, ForgetOld>;
  // Account, collector, customer, and whether somebody is held.
  using Subject = std::tuple<std::string, std::string, std::string, bool>;
  using Waiting = std::map<std::uint64_t, Change>;

  static Subject subject_of(const StoredAnswer& answer);
  void add(Change change);
  void drop_waiting(const Subject& subject);  // by whoever holds the mutex
  bool write_one();                           // false: it failed, and waits again
  Status write(const Change& change);
  Status write(const StoredAnswer& answer);
  Status open(ResponseLog::Found& found);
  bool unseal(std::vector<StoredAnswer>& answers) const;
  Status reopen();
  void note(const Status& written);
  void note_set_aside(const ResponseLog::Found& found);

  const std::filesystem::path folder_;
  Clock& clock_;
  StorageTelemetry& telemetry_;
  const std::optional<Seal> seal_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Waiting waiting_;  // in the order they came
  std::map<Subject, std::uint64_t> puts_;
  std::uint64_t next_ = 0;

  // Of whoever writes.
  std::unique_ptr<ResponseLog> log_;
  std::optional<SteadyTime> told_;  // when it was last said that nothing can be written
  std::size_t failures_ = 0;        // since the last success
};

}  // namespace pce
