#pragma once
// From an error to what `doctor` says of it.
#include "exporter/base/result.h"
#include "exporter/commands/doctor_report.h"

namespace pce {

// kFailed, with the error's own next step where it knows one; else what its kind suggests.
Finding failed(const Error& error);

}  // namespace pce
