#pragma once
// gzip, as answers are encoded when the client accepts it.
#include <string>
#include <string_view>

namespace simulator {

std::string gzip(std::string_view body);

}  // namespace simulator
