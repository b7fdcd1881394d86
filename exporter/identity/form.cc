#include "exporter/identity/form.h"

#include <utility>

namespace pce {
namespace {

void append_encoded(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 0xF];
    }
  }
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Secret form_body(const std::vector<FormField>& fields) {
  std::size_t bytes_max = 0;
  for (const FormField& field : fields)
    bytes_max += field.name.size() + 3 * field.value.reveal().size() + 2;
  std::string body;
  body.reserve(bytes_max);  // no growth that leaves copies behind
  for (const FormField& field : fields) {
    if (field.value.empty()) continue;
    if (!body.empty()) body += '&';
    body.append(field.name) += '=';
    append_encoded(body, field.value.reveal());
  }
  return Secret(std::move(body));
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  append_encoded(out, text);
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
    if (text[i] == '%' && high >= 0 && low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace pce
