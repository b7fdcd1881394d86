#include "exporter/json/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace pce {

void JsonWriter::line() {
  if (style_ == Style::kCompact) return;
  out_ += '\n';
  out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
}

void JsonWriter::place() {
  if (std::exchange(behind_key_, false) || depth_ == 0) return;
  if (!std::exchange(empty_, false)) out_ += ',';
  line();
}

JsonWriter& JsonWriter::begin(char bracket) {
  place();
  out_ += bracket;
  ++depth_;
  empty_ = true;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  --depth_;
  if (!empty_) line();
  out_ += bracket;
  empty_ = false;
  return *this;
}

void JsonWriter::quote(std::string_view value) {
  constexpr char kDigits[] = "0123456789abcdef";
  out_ += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (c == '\n') {
      out_ += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out_ += "\\u00";
      out_ += kDigits[byte >> 4];
      out_ += kDigits[byte & 0xF];
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

JsonWriter& JsonWriter::key(std::string_view name) {
  place();
  quote(name);
  out_ += style_ == Style::kCompact ? ":" : ": ";
  behind_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  place();
  quote(value);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  place();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::real(double value) {
  if (!std::isfinite(value)) return null();
  place();
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out_.append(digits.data(), end.ptr);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  place();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  place();
  out_ += "null";
  return *this;
}

std::string JsonWriter::take() {
  if (style_ == Style::kLines) out_ += '\n';
  return std::exchange(out_, {});
}

}  // namespace pce
