#pragma once
// Words of the other side, made fit for our messages and logs.
#include <cstddef>
#include <string>
#include <string_view>

#include "exporter/base/secret.h"

namespace pce {

// The first line, at most 200 bytes of it, without control characters. Words of more than 48 bytes,
// which is how tokens look, become "[…]". `text` is valid UTF-8.
std::string foreign_line(std::string_view text);

// The host, and port where there is one, of an address, fit like the above; empty: it names none.
std::string foreign_host(std::string_view url);

// The first `bytes_max` bytes, whole words or not, with spaces for control characters: for texts
// that are wanted as they are.
std::string foreign_words(std::string_view text, std::size_t bytes_max);

// Whether the beginning of this secret stands in `text`. Secrets too short to tell are not found.
bool mentions(std::string_view text, const Secret& secret);

}  // namespace pce
