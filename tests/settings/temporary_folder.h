#pragma once
// A folder of its own for one test, gone when the test is over.
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include <sys/stat.h>

namespace pce {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "pce-settings-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, std::string_view content,
                              mode_t mode = 0600) const {
    const auto file = path_ / name;
    ::unlink(file.c_str());  // an earlier one may have a mode that even its owner cannot write to
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) throw std::runtime_error("open " + file.string());
    const bool whole =
        ::write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    const bool moded = ::fchmod(descriptor, mode) == 0;
    ::close(descriptor);
    if (!whole || !moded) throw std::runtime_error("write " + file.string());
    return file;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace pce
