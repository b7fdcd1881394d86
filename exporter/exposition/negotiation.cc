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

// In the order in which they stand; those that cannot be read are dropped.
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
    if (readable) all.push_back(clause);
  }
  return all;
}

// One media range of Accept.
struct Range {
  std::string_view type, subtype;
  Clause clause;

  bool is_for(const Format& format) const {
    if (type == "*") return subtype == "*";
    if (!same(type, format.type)) return false;
    if (subtype == "*") return same(type, "text") || has_version_of(format);
    return same(subtype, format.subtype) && has_version_of(format);
  }
  // The one without a version means the one we have.
  bool has_version_of(const Format& format) const {
    return clause.version.empty() || clause.version == format.version;
  }
  int wildcards() const { return (type == "*" ? 1 : 0) + (subtype == "*" ? 1 : 0); }
};

// What the client takes, what it likes best first.
std::vector<Range> accepted_ranges(std::string_view accept) {
  std::vector<Range> ranges;
  for (const Clause& clause : clauses(accept)) {
    const auto slash = clause.name.find('/');
    if (slash == std::string_view::npos || clause.quality <= 0) continue;
    const Range range{clause.name.substr(0, slash), clause.name.substr(slash + 1), clause};
    if (!range.type.empty() && !range.subtype.empty()) ranges.push_back(range);
  }
  std::ranges::stable_sort(ranges, [](const Range& a, const Range& b) {
    if (a.clause.quality != b.clause.quality) return a.clause.quality > b.clause.quality;
    return a.wildcards() < b.wildcards();
  });
  return ranges;
}

Negotiated answer_in(const Format& format, std::string_view escaping) {
  std::string type;
  type.append(format.type).append("/").append(format.subtype);
  type.append("; version=").append(format.version);
  type.append("; charset=utf-8; escaping=").append(escaping);
  return {&format, std::move(type)};
}

}  // namespace

Negotiated negotiated(std::string_view accept) {
  constexpr std::array<std::string_view, 4> kSchemes{"allow-utf-8", "underscores", "dots",
                                                     "values"};
  std::string_view escaping = "underscores";
  for (const Range& range : accepted_ranges(accept)) {
    if (std::ranges::find(kSchemes, range.clause.escaping) != kSchemes.end()) {
      escaping = range.clause.escaping;
    }
    for (const Format& format : formats()) {
      if (range.is_for(format)) return answer_in(format, escaping);
    }
  }
  return answer_in(formats().front(), escaping);
}

bool prefers_gzip(std::string_view accept_encoding) {
  std::optional<double> gzip, identity, others;
  for (const Clause& clause : clauses(accept_encoding)) {
    auto& quality = same(clause.name, "gzip")       ? gzip
                    : same(clause.name, "identity") ? identity
                                                    : others;
    if (&quality == &others && clause.name != "*") continue;
    quality = std::max(quality.value_or(0), clause.quality);
  }
  // What is not listed is what the star says; only whoever refuses plain means gzip by it.
  const bool plain_refused = identity.value_or(others.value_or(1)) <= 0;
  if (!gzip && plain_refused) gzip = others;
  return gzip.value_or(0) > 0 && *gzip >= identity.value_or(0);
}

}  // namespace pce
