#pragma once
// The files with secrets that a configuration names: where they are, and what speaks against them.
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "exporter/settings/section.h"

namespace pce {

// Whether the secret files named are opened and judged, too.
enum class SecretFiles { kLeave, kCheck };

// A name without a slash that is there in systemd's $CREDENTIALS_DIRECTORY means that file; every
// other relative path starts at `folder`, which is borrowed, as are the complaints.
class NamedFiles {
 public:
  NamedFiles(const std::filesystem::path& folder, SecretFiles secret_files,
             SettingComplaints& complaints)
      : folder_(folder), secret_files_(secret_files), complaints_(complaints) {}

  enum class Content { kText, kBytes };
  struct Wanted {
    std::string what;            // completes "wanted …"
    std::string when_missing{};  // what to do then
    Content content = Content::kText;
    bool rewritten = false;  // by us, when the token is rotated; may still be missing
    std::size_t bytes_min = 1;
  };
  // Complains when the value is no path, and, with kCheck, of the file; nullopt when there is no
  // field, or no path in it.
  std::optional<std::filesystem::path> find(const std::optional<SettingField>& field,
                                            const Wanted& wanted);
  // Each rotation replaces the file: whatever else was kept in it would be gone.
  void refuse_shared_token_files() const;

 private:
  struct Named {
    SettingField field;
    std::filesystem::path path;
    bool rewritten;
  };
  void check(const Named& named, const Wanted& wanted, bool bare) const;

  const std::filesystem::path& folder_;
  SecretFiles secret_files_;
  SettingComplaints& complaints_;
  std::vector<Named> files_;
};

}  // namespace pce
