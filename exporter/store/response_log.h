#pragma once
// The last good answers in a file, for the next start. One thread at a time.
//
// Every answer has a checksum over all that it is: SQLite sees that its own structure is damaged,
// not that content changed. What the checksum does not confirm is never given out.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/store/sqlite.h"
#include "exporter/store/storage_folder.h"
#include "exporter/store/stored_answer.h"

namespace pce {

class ResponseLog {
 public:
  static constexpr std::int64_t kApplication = 0x50434531;  // "PCE1"
  static constexpr std::int64_t kVersion = 1;               // of the tables

  // What was found at opening.
  struct Found {
    std::vector<StoredAnswer> answers{};  // that can be trusted, in the order they were kept
    std::size_t damaged = 0;              // answers that cannot
    // The file could not be used: where it is now, and why. A new one is in its place.
    std::optional<std::filesystem::path> set_aside{};
    std::string why{};
  };

  // Opens the log in `folder`, or makes it. Reads all of it where `found` is given; a file that is
  // damaged, somebody else's or a newer version's is set aside either way, with what can be
  // trusted in `found`. Errors: kInternal, naming the file and what to do.
  static Result<std::unique_ptr<ResponseLog>> open(const std::filesystem::path& folder,
                                                   WallTime now, Found* found);

  // The following are all or nothing, each in one transaction. Errors: kInternal; kMalformed where
  // the file turns out to be damaged.

  // Takes the place of what was kept of the same account, collector and customer. An answer about
  // everybody takes the place of those about single customers too, where they are older, except for
  // whom it is `held`; and where it is held for somebody, the last one that was not stays beside
  // it.
  Status put(const StoredAnswer& answer);
  Status forget(std::string_view account, std::string_view collector, std::string_view customer);
  // Of one account, what is about other single customers than these (sorted).
  Status forget_others(std::string_view account, const std::vector<std::string>& customers);
  Status forget_older_than(WallTime when);

  // Removes the file with all that was kept, and files that were set aside, and begins a new one.
  // After an error: kInternal, nothing can be done with this log but to let go of it.
  Status begin_anew();

  std::uintmax_t bytes() const { return folder_.bytes(); }

 private:
  class Refusal;
  ResponseLog(StorageFolder folder, std::unique_ptr<Database> database)
      : folder_(std::move(folder)), database_(std::move(database)) {}

  static std::unique_ptr<Database> open_database(const StorageFolder& folder);
  static void load(Database& database, Found& found);
  template <typename Work>
  Status transact(Work&& work);
  void remove(std::int64_t answer);
  void insert(const StoredAnswer& answer);

  StorageFolder folder_;
  std::unique_ptr<Database> database_;
};

}  // namespace pce
