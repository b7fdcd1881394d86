#pragma once
// Which of the configured accounts a command is about.
#include <filesystem>
#include <string>

#include "exporter/settings/settings.h"

namespace pce {

// The account called `name`, or the only one there is where `name` is empty; lives as long as
// `settings`. Errors: kSettings, naming the accounts there are.
Result<const AccountSettings*> chosen_account(const Settings& settings, const std::string& name);

// " --config.file=… --account=…", what people are told to type behind a command; without the file
// where none is named.
std::string account_flags(const std::filesystem::path& config_file, const std::string& account);

}  // namespace pce
