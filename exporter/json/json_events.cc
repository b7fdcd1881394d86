#include "exporter/json/json_events.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace pce {
namespace {

using Json = nlohmann::json;

constexpr int kNumberOverflow = 406;  // the number of the library's exception
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What a byte is, for a reader who may not see the byte itself: it could belong to a secret.
std::string_view class_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) return "a byte outside ASCII";
  if (byte < 0x20 || byte == 0x7F) return "a control character";
  if (c == ' ') return "a space";
  if (c >= '0' && c <= '9') return "a digit";
  if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return "a letter";
  switch (c) {
    case '{':
    case '[':
      return "an opening bracket";
    case '}':
    case ']':
      return "a closing bracket";
    case ',':
      return "a comma";
    case ':':
      return "a colon";
    case '"':
      return "a quotation mark";
    case '<':
      return "'<' (HTML or XML?)";
    default:
      return "punctuation";
  }
}

Error malformed(std::string message) {
  return Error{.kind = ErrorKind::kMalformed, .message = "JSON: " + std::move(message)};
}

std::string at_byte(std::size_t position) {
  return " at byte " + std::to_string(position);  // counted from 1
}

// The place, counted from 1, of the n-th opening bracket that is not inside a string.
std::size_t position_of_opening(std::string_view text, std::size_t n) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '{' || c == '[') && --n == 0) {
      return i + 1;
    }
  }
  return text.size();
}

// Translates the library's calls. The library asks for these very names.
class Bridge {
 public:
  // `before`: bytes of the body in front of `text`, so that places are places in the body.
  Bridge(std::string_view text, std::size_t before, JsonEvents& events)
      : text_(text), before_(before), events_(events) {}

  bool null() { return value({.kind = JsonKind::kNull}); }
  bool boolean(bool v) { return value({.kind = JsonKind::kBoolean, .boolean = v}); }
  bool number_integer(std::int64_t v) {
    return value(
        {.kind = JsonKind::kNumber, .whole = true, .integer = v, .real = static_cast<double>(v)});
  }
  bool number_unsigned(std::uint64_t v) {
    const bool fits = v <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value({.kind = JsonKind::kNumber,
                  .whole = fits,
                  .integer = fits ? static_cast<std::int64_t>(v) : 0,
                  .real = static_cast<double>(v)});
  }
  bool number_float(double v, const std::string& /*as_written*/) {
    return value({.kind = JsonKind::kNumber, .real = v});
  }
  bool string(std::string& v) { return value({.kind = JsonKind::kText, .text = v}); }
  bool binary(Json::binary_t& /*only in binary formats*/) { return false; }
  bool start_object(std::size_t /*unknown in text*/) { return begin(JsonKind::kObject); }
  bool start_array(std::size_t /*unknown in text*/) { return begin(JsonKind::kArray); }
  bool end_object() { return end(JsonKind::kObject); }
  bool end_array() { return end(JsonKind::kArray); }
  bool key(std::string& v) { return events_.key(v) || refuse(events_.complaint()); }

  // `position` counts the bytes read so far. The exception's text quotes the body, so only its
  // number is used.
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) {
    const std::string place = at_byte(before_ + std::min(position, text_.size()));
    if (error.id == kNumberOverflow) {
      return refuse("a number beyond what a double can hold ends" + place);
    }
    if (position == 0 || position > text_.size()) {
      return refuse("the text ends" + place + " in the middle of a value");
    }
    const std::string found(class_of(text_[position - 1]));
    if (complete_) return refuse(found + place + " after the end of the value");
    return refuse(found + place + " does not belong there");
  }

  std::string complaint;

 private:
  bool value(const JsonScalar& scalar) {
    if (depth_ == 0) complete_ = true;
    return events_.scalar(scalar) || refuse(events_.complaint());
  }
  bool begin(JsonKind kind) {
    ++openings_;
    if (++depth_ > kJsonDepthMax) {
      return refuse("nested deeper than " + std::to_string(kJsonDepthMax) + " levels" + place());
    }
    return events_.begin(kind) || refuse(events_.complaint() + place());
  }
  bool end(JsonKind kind) {
    if (--depth_ == 0) complete_ = true;
    return events_.end(kind) || refuse(events_.complaint());
  }
  bool refuse(std::string why) {
    complaint = std::move(why);
    return false;
  }
  // Looked for only when needed: the library does not say where an event came from.
  std::string place() const { return at_byte(before_ + position_of_opening(text_, openings_)); }

  std::string_view text_;
  std::size_t before_;
  JsonEvents& events_;
  int depth_ = 0;
  std::size_t openings_ = 0;
  bool complete_ = false;
};

}  // namespace

Status read_json(std::string_view body, JsonEvents& events) {
  std::string_view text = body;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t before = body.size() - text.size();
  if (text.starts_with(kByteOrderMark)) return malformed("two byte order marks at the start");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return malformed("the body is empty");
  }
  // The library takes a NUL for the end of the text and would overlook what follows.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return malformed("a NUL byte" + at_byte(before + nul + 1) + " (UTF-16?)");
  }

  Bridge bridge(text, before, events);
  if (!Json::sax_parse(text.data(), text.data() + text.size(), &bridge)) {
    return malformed(std::move(bridge.complaint));
  }
  return Done{};
}

}  // namespace pce
