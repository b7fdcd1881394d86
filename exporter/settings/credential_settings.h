#pragma once
// The part of an account's configuration that says how its application proves itself.
#include "exporter/settings/named_files.h"
#include "exporter/settings/section.h"
#include "exporter/settings/settings.h"

namespace pce {

// Complains of two proofs, and of a key or password without the certificate it is for. Whether a
// certificate fits its key is not looked at: see identity/client_credential.h.
CredentialSettings read_credential(const SettingSection& account, NamedFiles& files,
                                   SettingComplaints& complaints);

}  // namespace pce
