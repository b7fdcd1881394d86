#pragma once
// Signing in with a code that is typed on another device: what is said while it lasts.
#include <stop_token>

#include "exporter/commands/terminal.h"
#include "exporter/identity/device_code.h"

namespace pce {

// Errors: those of DeviceCodeSignIn.
Result<TokenAnswer> sign_in_by_device_code(DeviceCodeSignIn& sign_in, Terminal& terminal,
                                           std::stop_token stop);

}  // namespace pce
