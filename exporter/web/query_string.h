#pragma once
// What stands behind the "?" of a request, read strictly. Pure.
// Source: RFC 3986 section 2.1, and "+" for a space as forms send it.
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"

namespace pce {

struct QueryParameter {
  std::string name;
  std::string value;  // decoded bytes, whatever they are
};

// In the order they came. Errors: kRejected, for a parameter without name or without "=", a name
// that stands twice, and a "%" that introduces no byte; no message repeats what was sent.
Result<std::vector<QueryParameter>> parse_query(std::string_view query);

}  // namespace pce
