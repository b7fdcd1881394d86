#pragma once
// The formats we offer. A new one is its encoder and its line in formats.cc.
#include <span>
#include <string_view>

#include "exporter/exposition/encoder.h"

namespace pce {

struct Format {
  std::string_view type, subtype, version;  // "text", "plain", "0.0.4"
  const Encoder& (*encoder)();
};

// In the order in which they are offered: whoever takes anything gets the first.
std::span<const Format> formats();

}  // namespace pce
