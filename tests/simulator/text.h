#pragma once
// Small pure functions over text: case, percent-encoding, base64, JSON strings, durations, hashes
// and GUIDs.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulator {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Upper and lower case of UTF-8 for Latin, Greek and Cyrillic letters; other characters stay as
// they are.
std::string upper(std::string_view text);
std::string ascii_lower(std::string_view text);
bool same_text(std::string_view a, std::string_view b);  // ASCII case-insensitive
bool starts_with_text(std::string_view text,
                      std::string_view prefix);  // compares upper(text) and upper(prefix)

// Whether a list of words separated by single spaces has this one, which is a word itself.
bool has_word(std::string_view list, std::string_view wanted);

// Decodes %XX and, as in form bodies and query strings, "+" as a space. A broken escape stays as it
// is.
std::string url_decode(std::string_view text);
std::string url_encode(std::string_view text);
Fields parse_form(std::string_view text);
std::optional<std::string> find_field(const Fields& fields,
                                      std::string_view name);  // case-insensitive name

std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes);  // without padding
std::optional<std::string> base64_decode(
    std::string_view text);  // either alphabet, padding optional

void append_json_string(std::string& out, std::string_view text);

// "20ms", "1.5s", "2m", "1h30m", "1d"; a bare number is refused.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

// A 64-bit hash that is the same on every machine and in every version: the estate depends on it.
std::uint64_t mix(std::uint64_t value);
std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0);
// A lower-case GUID of the random kind made from one number.
std::string guid_from(std::uint64_t value);
bool is_guid(std::string_view text);

}  // namespace simulator
