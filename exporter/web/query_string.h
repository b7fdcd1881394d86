#pragma once
// What stands behind the "?" of a request. Pure.
// Source: RFC 3986 section 2.1, and "+" for a space as forms send it.
#include <cstddef>
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
// The same for those who take any parameters: names may stand more than once, a missing "=" is an
// empty value, and pairs of nothing are passed over. Errors: kRejected, for a "%" that introduces
// no byte, and for more than `most` parameters.
Result<std::vector<QueryParameter>> parse_any_query(std::string_view query, std::size_t most);

}  // namespace pce
