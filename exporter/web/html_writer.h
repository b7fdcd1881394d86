#pragma once
// Writes HTML piece by piece. Markup can only come from this program's source, foreign text only
// gets in escaped.
#include <cstdint>
#include <string>
#include <string_view>

namespace pce {

// What is known when this program is compiled.
class Markup {
 public:
  consteval Markup(const char* literal)  // NOLINT(google-explicit-constructor)
      : text_(literal) {}
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class HtmlWriter {
 public:
  HtmlWriter& markup(Markup markup) {
    out_ += markup.text();
    return *this;
  }
  // As text or as the value of an attribute in double quotes.
  HtmlWriter& text(std::string_view foreign);
  // The first `characters_max` characters, and "…" where there are more.
  HtmlWriter& text(std::string_view foreign, std::size_t characters_max);
  HtmlWriter& digits(std::int64_t number);            // 12345
  HtmlWriter& grouped(std::int64_t number);           // 12,345
  HtmlWriter& query_value(std::string_view foreign);  // percent-encoded, for an address

  std::size_t size() const { return out_.size(); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace pce
