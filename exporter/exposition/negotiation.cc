#include "exporter/exposition/negotiation.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <vector>

namespace pce {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Cuts at `separator` outside double quotes.
std::vector<std::string_view> pieces(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i == text.size() || (text[i] == separator && !quoted)) {
      parts.push_back(trimmed(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  return parts;
}

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// One alternative of an Accept or Accept-Encoding header.
struct Clause {
  std::string_view name;
  double quality = 1;
  std::string_view version{};
  std::string_view escaping{};
};

std::optional<double> quality_of(std::string_view text) {
  double quality = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quality);
  if (error != std::errc() || end != text.data() + text.size() || quality < 0 || quality > 1)
    return std::nullopt;
  return quality;
}

// Clauses that cannot be read or have quality 0 are dropped; the rest stand in order of preference.
std::vector<Clause> clauses(std::string_view header) {
  std::vector<Clause> all;
  for (const std::string_view part : pieces(header, ',')) {
    const auto fields = pieces(part, ';');
    Clause clause{.name = fields.front()};
    bool readable = !clause.name.empty();
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const auto equals = fields[i].find('=');
      if (equals == std::string_view::npos) continue;
      const auto key = trimmed(fields[i].substr(0, equals));
      auto value = trimmed(fields[i].substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      if (same(key, "q")) {
        const auto quality = quality_of(value);
        readable = readable && quality.has_value();
        clause.quality = quality.value_or(0);
      } else if (same(key, "version")) {
        clause.version = value;
      } else if (same(key, "escaping")) {
        clause.escaping = value;
      }
    }
    if (readable && clause.quality > 0) all.push_back(clause);
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &Clause::quality);
  return all;
}

}  // namespace

std::string negotiated_content_type(std::string_view accept) {
  constexpr std::array<std::string_view, 4> kSchemes{"allow-utf-8", "underscores", "dots",
                                                     "values"};
  std::string_view escaping = "underscores";
  for (const Clause& clause : clauses(accept)) {
    if (std::ranges::find(kSchemes, clause.escaping) != kSchemes.end()) escaping = clause.escaping;
    const bool any = same(clause.name, "*/*") || same(clause.name, "text/*");
    if (any ||
        (same(clause.name, "text/plain") && (clause.version.empty() || clause.version == "0.0.4")))
      break;
  }
  return std::string("text/plain; version=0.0.4; charset=utf-8; escaping=").append(escaping);
}

bool accepts_gzip(std::string_view accept_encoding) {
  const auto all = clauses(accept_encoding);
  return std::ranges::any_of(all, [](const Clause& clause) { return same(clause.name, "gzip"); });
}

}  // namespace pce
