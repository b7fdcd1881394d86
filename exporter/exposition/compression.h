#pragma once
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace pce {

// `plain` as one gzip member. Errors: kInternal, when there is no memory for it.
Result<std::string> gzip(std::string_view plain);

}  // namespace pce
