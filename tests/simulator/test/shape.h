#pragma once
// Compares a JSON value with an expected shape, which is JSON too: an object has exactly the keys
// of the shape; an array of one element is a list whose every element has that shape, of none or
// several an array of exactly those; numbers and null stand for themselves, in value and type; a
// text is "= x" for exactly x, or one of the words of kWords.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "tests/simulator/dates.h"
#include "tests/simulator/text.h"

namespace simulator {

struct ShapeWord {
  std::string_view word;
  bool (*fits)(const nlohmann::json& value);
};

inline bool is_one_of(const nlohmann::json& value, std::string_view words) {
  return value.is_string() && has_word(words, value.get<std::string>());
}
inline std::string text_of(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : "";
}
inline bool is_date_ending(const nlohmann::json& value, std::string_view end) {
  const std::string text = text_of(value);
  const bool zoned = text.ends_with('Z') || text.find('+') != std::string::npos;
  return parse_instant(text) && text.size() >= 19 && (end.empty() ? !zoned : text.ends_with(end));
}

using Value = const nlohmann::json&;
inline constexpr std::array kWords{
    ShapeWord{"integer", [](Value v) { return v.is_number_integer(); }},
    ShapeWord{"decimal", [](Value v) { return v.is_number_float(); }},
    ShapeWord{"two decimals",
              [](Value v) {
                return v.is_number_float() &&
                       std::abs(std::round(v.get<double>() * 100) - v.get<double>() * 100) < 1e-6;
              }},
    ShapeWord{"text", [](Value v) { return !text_of(v).empty(); }},
    ShapeWord{"upper text",
              [](Value v) { return !text_of(v).empty() && upper(text_of(v)) == text_of(v); }},
    ShapeWord{"digits",
              [](Value v) {
                return !text_of(v).empty() &&
                       std::ranges::all_of(text_of(v), [](char c) { return c >= '0' && c <= '9'; });
              }},
    ShapeWord{"lower guid",
              [](Value v) { return is_guid(text_of(v)) && ascii_lower(text_of(v)) == text_of(v); }},
    ShapeWord{"upper guid",
              [](Value v) { return is_guid(text_of(v)) && upper(text_of(v)) == text_of(v); }},
    ShapeWord{"base64",
              [](Value v) { return text_of(v).size() >= 4 && base64_decode(text_of(v)); }},
    ShapeWord{"date with offset", [](Value v) { return is_date_ending(v, "+00:00"); }},
    ShapeWord{"date with Z", [](Value v) { return is_date_ending(v, "Z"); }},
    ShapeWord{"date without offset", [](Value v) { return is_date_ending(v, ""); }},
    ShapeWord{"service code", [](Value v) { return is_one_of(v, "o365 crm"); }},
    ShapeWord{"service name",
              [](Value v) { return v == "Microsoft Office 365" || v == "Microsoft Dynamics"; }},
    ShapeWord{"channel", [](Value v) { return is_one_of(v, "reseller direct"); }},
    ShapeWord{"workload code",
              [](Value v) { return is_one_of(v, "EXO SPO SFB CRM TEAMS YAMMER"); }},
};

// Where and how the value differs, or nothing.
inline std::string difference(const nlohmann::json& value, const nlohmann::json& shape,
                              const std::string& where = "") {
  const auto differs = [&] {
    return (where.empty() ? "the body" : where) + ": wanted " + shape.dump() + ", found " +
           value.dump().substr(0, 200);
  };
  if (shape.is_object()) {
    if (!value.is_object()) return differs();
    for (const auto& [key, member] : value.items()) {
      if (!shape.contains(key))
        return where + "." + key + ": there is no such key in the documents";
    }
    for (const auto& [key, member] : shape.items()) {
      if (!value.contains(key)) return where + "." + key + ": missing";
      if (auto found = difference(value[key], member, where + "." + key); !found.empty())
        return found;
    }
    return "";
  }
  if (shape.is_array()) {
    const bool list = shape.size() == 1;
    if (!value.is_array() || (list ? value.empty() : value.size() != shape.size()))
      return differs();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string place = where + "[" + std::to_string(i) + "]";
      if (auto found = difference(value[i], shape[list ? 0 : i], place); !found.empty())
        return found;
    }
    return "";
  }
  const std::string word = text_of(shape);
  if (!shape.is_string())
    return shape.type_name() == std::string_view(value.type_name()) &&
                   shape.is_number_float() == value.is_number_float() && shape == value
               ? ""
               : differs();
  if (word.starts_with("= ")) return value == word.substr(2) ? "" : differs();
  const auto* known = std::ranges::find(kWords, word, &ShapeWord::word);
  if (known == kWords.end()) return where + ": the shape has an unknown word '" + word + "'";
  return known->fits(value) ? "" : differs();
}

}  // namespace simulator
