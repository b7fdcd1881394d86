#pragma once
// A folder of its own for one test, with files of any mode in it; gone at the end.
#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <sys/stat.h>

namespace pce {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "pce-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error("no temporary folder to be had");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;  // a file left behind must not fail the test
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

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
  std::string read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace pce
