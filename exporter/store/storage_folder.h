#pragma once
// The folder of --storage.path: made where it is missing, and one process's at a time.
#include <filesystem>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/descriptor.h"
#include "exporter/base/result.h"

namespace pce {

class StorageFolder {
 public:
  static constexpr int kSetAsideMax = 3;  // so many files that were set aside are kept

  // Makes the folder (0700) where it is missing and claims it for this process, until this is
  // destroyed or the process ends, however that ends. Errors: kInternal, naming the folder and what
  // to do; the process that has it, where it is another one's.
  static Result<StorageFolder> claim(const std::filesystem::path& folder);

  std::filesystem::path file() const;
  // Makes the file (0600) where it is missing. Errors: kInternal.
  Status make_file() const;
  std::uintmax_t bytes() const;  // of the file and what belongs to it; 0 where it is not there
  // Renames the file, and what belongs to it, to a name with `word` and the time in it, and removes
  // the oldest of those. Returns the new name. Errors: kInternal.
  Result<std::filesystem::path> set_aside(const char* word, WallTime now) const;
  // Removes the file, what belongs to it, and all that was set aside. Errors: kInternal.
  Status remove_all() const;

 private:
  StorageFolder(std::filesystem::path folder, Descriptor lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::filesystem::path folder_;  // without symbolic links
  Descriptor lock_;
};

}  // namespace pce
