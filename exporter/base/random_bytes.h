#pragma once
// Random bytes that nobody can guess, from the kernel.
#include <cstddef>
#include <string>

#include "exporter/base/result.h"

namespace pce {

// Errors: kInternal, where the kernel gives none (a sandbox may forbid the call).
Result<std::string> random_bytes(std::size_t count);

}  // namespace pce
