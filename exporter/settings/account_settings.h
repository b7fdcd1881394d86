#pragma once
// The part of the configuration that describes partner tenants.
#include <filesystem>
#include <vector>

#include "exporter/settings/named_files.h"
#include "exporter/settings/section.h"
#include "exporter/settings/settings.h"

namespace pce {

// All accounts that are free of mistakes; the others are in `complaints`. Relative paths start at
// `folder`.
std::vector<AccountSettings> read_accounts(const SettingField& accounts,
                                           const std::filesystem::path& folder,
                                           SecretFiles secret_files, SettingComplaints& complaints);

}  // namespace pce
