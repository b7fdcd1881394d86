#pragma once
// Opens files named by people: never waits for the other end of a FIFO, takes nothing but a regular
// file.
#include <cstddef>
#include <filesystem>
#include <string>

#include <sys/types.h>

#include "exporter/base/result.h"

namespace pce {

class RegularFile {
 public:
  // Follows symbolic links. Errors: kSettings, beginning with the path.
  static Result<RegularFile> open(const std::filesystem::path& path);
  RegularFile(RegularFile&& other) noexcept;
  RegularFile& operator=(RegularFile&&) = delete;
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;
  ~RegularFile();

  mode_t mode() const { return mode_; }
  uid_t owner() const { return owner_; }
  // The whole content. The message of an error never holds any of it.
  Result<std::string> read(std::size_t bytes_max) const;

 private:
  RegularFile(int descriptor, std::filesystem::path path)
      : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_;
  std::filesystem::path path_;
  mode_t mode_ = 0;
  uid_t owner_ = 0;
};

}  // namespace pce
