#include "exporter/commands/account_choice.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "exporter/settings/message_text.h"
#include "exporter/settings/spelling.h"

namespace pce {

Result<const AccountSettings*> chosen_account(const Settings& settings, const std::string& name) {
  if (name.empty() && settings.accounts.size() == 1) return &settings.accounts.front();
  const auto found = std::ranges::find(settings.accounts, name, &AccountSettings::name);
  if (found != settings.accounts.end()) return &*found;
  std::vector<std::string_view> names;
  for (const AccountSettings& account : settings.accounts) names.push_back(account.name);
  if (name.empty()) {
    return Error{.kind = ErrorKind::kSettings,
                 .message = "the configuration has several accounts: choose one with --account=" +
                            any_of(names)};
  }
  return Error{.kind = ErrorKind::kSettings,
               .message = "flag --account: found " + in_quotes(name) + ", wanted " + any_of(names) +
                          suggestion(name, names)};
}

std::string account_flags(const std::filesystem::path& config_file, const std::string& account) {
  std::string flags;
  if (!config_file.empty()) {
    std::error_code unknown;  // where we are; then the path is as good as it was given
    const auto whole = std::filesystem::absolute(config_file, unknown);
    flags.append(" --config.file=").append(shell_word((unknown ? config_file : whole).string()));
  }
  return flags.append(" --account=").append(shell_word(account));
}

}  // namespace pce
