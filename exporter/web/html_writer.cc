#include "exporter/web/html_writer.h"

#include <utility>

namespace pce {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool continues_sequence(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Marks that turn the direction of what follows them, and would do so beyond the foreign text.
bool turns_direction(std::string_view rest) {
  return rest.starts_with("\u202A") || rest.starts_with("\u202B") || rest.starts_with("\u202C") ||
         rest.starts_with("\u202D") || rest.starts_with("\u202E") || rest.starts_with("\u2066") ||
         rest.starts_with("\u2067") || rest.starts_with("\u2068") || rest.starts_with("\u2069");
}

}  // namespace

HtmlWriter& HtmlWriter::text(std::string_view foreign) {
  for (std::size_t i = 0; i < foreign.size(); ++i) {
    const char c = foreign[i];
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\'':
        out_ += "&#39;";
        break;
      case '\xE2':
        if (turns_direction(foreign.substr(i))) {
          out_ += "\uFFFD";
          i += 2;
          break;
        }
        [[fallthrough]];
      default:
        // Of the control characters HTML knows these; the others are no text.
        out_ += static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' ? c : ' ';
    }
  }
  return *this;
}

HtmlWriter& HtmlWriter::text(std::string_view foreign, std::size_t characters_max) {
  std::size_t characters = 0;
  std::size_t end = 0;
  for (; end < foreign.size(); ++end) {
    if (continues_sequence(foreign[end])) continue;
    if (++characters > characters_max) break;
  }
  text(foreign.substr(0, end));
  if (end < foreign.size()) out_ += "…";
  return *this;
}

HtmlWriter& HtmlWriter::digits(std::int64_t number) {
  out_ += std::to_string(number);
  return *this;
}

HtmlWriter& HtmlWriter::grouped(std::int64_t number) {
  const std::string digits = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > sign && (digits.size() - i) % 3 == 0) out_ += ',';
    out_ += digits[i];
  }
  return *this;
}

HtmlWriter& HtmlWriter::query_value(std::string_view foreign) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : foreign) {
    if (is_unreserved(c)) {
      out_ += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out_ += '%';
    out_ += kDigits[byte >> 4U];
    out_ += kDigits[byte & 0xFU];
  }
  return *this;
}

}  // namespace pce
