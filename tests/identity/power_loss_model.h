#pragma once
// What one folder of a disk may hold after the power went, as far as the standard promises: data
// that was not flushed is there, is missing, is cut anywhere, or is zeros; a name that was not
// flushed with its folder leads to what it led to at any time since.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/identity/system_call_trace.h"

namespace pce {

class PowerLossModel {
 public:
  // Files that are there, flushed, when the calls begin.
  PowerLossModel(std::string folder, const std::map<std::string, std::string>& files);

  // A call that may change a file of the folder and is not understood is a test failure.
  void apply(const TracedCall& call);

  // Every content the file of this name may have if the power went now; nullopt: no such file.
  std::set<std::optional<std::string>> possible(const std::string& name) const;

 private:
  struct File {
    std::string flushed;
    std::string now;
    bool emptied = false;  // since it was flushed
  };
  using FileNumber = std::optional<std::size_t>;  // nullopt: no such file
  static constexpr std::size_t kFolder = static_cast<std::size_t>(-1);

  std::optional<std::string> name_in_folder(const std::string& at, const std::string& path) const;
  void open(const TracedCall& call);
  void write(const TracedCall& call);
  void flush(const TracedCall& call);
  void name(const std::string& name, FileNumber file);
  FileNumber named(const std::string& name) const;

  const std::string folder_;
  std::vector<File> files_;
  std::map<std::string, FileNumber> flushed_names_, names_;
  std::map<std::string, std::set<FileNumber>> led_to_;  // since the folder was flushed
  std::map<std::string, std::size_t> descriptors_;      // what of the folder is open
};

}  // namespace pce
