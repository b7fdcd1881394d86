#pragma once
// One value of a JSON text, and the only conversions from it to a number that are allowed on
// foreign data.
#include <cstdint>
#include <optional>
#include <string_view>

namespace pce {

enum class JsonKind : std::uint8_t { kAbsent, kNull, kBoolean, kNumber, kText, kArray, kObject };

// "a number", "an object", …: for messages that say what was found without showing it.
const char* name_of(JsonKind kind);

// A value without its children. `text` is borrowed from whoever handed the scalar out.
struct JsonScalar {
  JsonKind kind = JsonKind::kAbsent;
  bool boolean = false;
  bool whole = false;        // kNumber: `integer` holds it exactly
  std::int64_t integer = 0;  // kNumber, if whole
  double real = 0;           // kNumber, always finite
  std::string_view text{};   // kText

  // What a number or a text reads as; anything else is nullopt. Texts are read without regard to
  // the locale and take no surrounding space and no plus sign. May be infinite or NaN where a text
  // says so or exceeds a double.
  std::optional<double> to_real() const;

  // The same for whole numbers: 206, 206.0, "206" and "206.0" alike. nullopt also where the value
  // is not whole, or does not fit. A value written with fraction or exponent must lie below 2^53,
  // where a double still tells neighbours apart.
  std::optional<std::int64_t> to_integer() const;
};

// ASCII letters of either case are equal, every other byte is itself.
bool same_key(std::string_view a, std::string_view b);

}  // namespace pce
