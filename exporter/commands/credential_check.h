#pragma once
// Whether the accounts' credentials can be used, which takes more than the configuration's own
// checks: a certificate is of one pair with its key, and has not expired.
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/settings/doubts.h"
#include "exporter/settings/mistake.h"
#include "exporter/settings/settings.h"

namespace pce {

struct CredentialFindings {
  std::vector<SettingMistake> mistakes{};  // with these no sign-in can succeed
  std::vector<SettingDoubt> doubts{};
};

// Reads the files named; contacts nobody.
CredentialFindings check_credentials(const Settings& settings, WallTime now);

}  // namespace pce
