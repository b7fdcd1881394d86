#pragma once
// A text kept small until it is wanted again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace pce {

struct PackedText {
  std::string deflated{};  // one raw deflate stream (RFC 1951)
  std::uint64_t size = 0;  // of the text, in bytes
};

PackedText pack(std::string_view text);

// Errors: kMalformed where the stream is damaged, is not of the announced size, or goes on behind
// its end; kTooLarge where more than `size_max` bytes are announced. Nothing larger than that is
// ever held.
Result<std::string> unpack(const PackedText& packed, std::size_t size_max);

}  // namespace pce
