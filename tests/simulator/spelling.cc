#include "tests/simulator/spelling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

struct Switch {
  std::string_view name;
  bool Spelling::*member;
};

constexpr std::array kSwitches{
    Switch{"bom", &Spelling::bom},
    Switch{"floats", &Spelling::floats},
    Switch{"numeric_strings", &Spelling::numeric_strings},
    Switch{"null_numbers", &Spelling::null_numbers},
    Switch{"missing_optional", &Spelling::missing_optional},
    Switch{"missing_numbers", &Spelling::missing_numbers},
    Switch{"unknown_keys", &Spelling::unknown_keys},
    Switch{"shuffled_keys", &Spelling::shuffled_keys},
    Switch{"lower_case_keys", &Spelling::lower_case_keys},
    Switch{"announcement_keys", &Spelling::announcement_keys},
    Switch{"classic_codes", &Spelling::classic_codes},
    Switch{"duplicate_rows", &Spelling::duplicate_rows},
    Switch{"over_100", &Spelling::over_100},
    Switch{"zero_sold", &Spelling::zero_sold},
    Switch{"null_percent_of_zero", &Spelling::null_percent_of_zero},
    Switch{"empty_items", &Spelling::empty_items},
    Switch{"wrong_types", &Spelling::wrong_types},
    Switch{"gzip", &Spelling::gzip},
    Switch{"two_decimals", &Spelling::two_decimals},
};

void append_number(std::string& out, const Field& field, const Spelling& spelling,
                   bool percent_of_nothing) {
  const bool percent = field.kind == Field::Kind::kPercent;
  if (spelling.wrong_types) {
    out += "\"many\"";
  } else if (spelling.null_numbers ||
             (percent && percent_of_nothing && spelling.null_percent_of_zero)) {
    out += "null";
  } else {
    const double value =
        percent && spelling.two_decimals ? std::round(field.number * 100) / 100 : field.number;
    const std::string number =
        percent || spelling.floats ? percent_text(value) : fmt::format("{:.0f}", value);
    out += spelling.numeric_strings ? '"' + number + '"' : number;
  }
}

std::string key_text(std::string_view key, const Spelling& spelling) {
  if (spelling.announcement_keys && key == "proratedLicensesUsagePercent")
    return "ProratedLicenseUsagePercent";
  if (spelling.announcement_keys && key == "usagePercent") return "UsagePercent";
  return spelling.lower_case_keys ? ascii_lower(key) : std::string(key);
}

void append_value(std::string& out, const Field& field, const Spelling& spelling, std::size_t index,
                  DateSpelling default_dates, bool percent_of_nothing) {
  switch (field.kind) {
    case Field::Kind::kText:
      append_json_string(out, field.text);
      break;
    case Field::Kind::kId:
      append_json_string(out, spelling.upper_case_ids.value_or(false) ? upper(field.text)
                                                                      : ascii_lower(field.text));
      break;
    case Field::Kind::kCount:
    case Field::Kind::kPercent:
      append_number(out, field, spelling, percent_of_nothing);
      break;
    case Field::Kind::kDate:
      append_json_string(out, spell(field.when, spelling.dates.value_or(default_dates), index));
      break;
    case Field::Kind::kObjectType:
      out += "{\"objectType\":";
      append_json_string(out, field.text);
      out += '}';
      break;
  }
}

}  // namespace

std::string read_spelling(const nlohmann::json& object, Spelling& spelling) {
  if (!object.is_object()) return "variant is not an object";
  for (const auto& [key, value] : object.items()) {
    if (key == "dates") {
      const auto named =
          value.is_string() ? date_spelling_named(value.get<std::string>()) : std::nullopt;
      if (!named) return fmt::format("variant.dates: unknown spelling {}", value.dump());
      spelling.dates = named;
      continue;
    }
    if (key == "drop_rows") {
      const bool counted = value.is_number_unsigned() && value.get<std::uint64_t>() < kEveryRow;
      if (!counted && !value.is_boolean()) {
        return fmt::format("variant.drop_rows: wanted true, false or a number of rows, found {}",
                           value.dump());
      }
      spelling.drop_rows = counted ? value.get<std::size_t>() : value.get<bool>() ? kEveryRow : 0;
      continue;
    }
    if (key == "without_customer") {
      if (!value.is_string() || !is_guid(value.get<std::string>())) {
        return fmt::format("variant.without_customer: wanted the id of a customer, found {}",
                           value.dump());
      }
      spelling.without_customer = ascii_lower(value.get<std::string>());
      continue;
    }
    if (!value.is_boolean())
      return fmt::format("variant.{}: wanted true or false, found {}", key, value.dump());
    if (key == "upper_case_ids") {
      spelling.upper_case_ids = value.get<bool>();
    } else if (key == "singular_active") {
      spelling.singular_active = value.get<bool>();
    } else {
      bool known = false;
      for (const Switch& s : kSwitches) {
        if (s.name != key) continue;
        spelling.*s.member = value.get<bool>();
        known = true;
      }
      if (!known) return fmt::format("variant.{}: there is no such variant", key);
    }
  }
  return "";
}

void append_row(std::string& out, const std::vector<Field>& row, const Spelling& spelling,
                std::size_t index, DateSpelling default_dates, bool percent_of_nothing) {
  // A rotation that depends on the row shuffles well enough and needs no memory.
  const std::size_t turn = spelling.shuffled_keys ? 1 + mix(index) % (row.size() - 1) : 0;
  bool first = true;
  out += '{';
  const auto begin_member = [&](std::string_view key) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, key);
    out += ':';
  };
  if (spelling.unknown_keys) {
    begin_member("licensesForecast");
    out += R"({"nested":[1,{"deep":null}],"text":"{\"not\": \"json\"}"})";
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Field& field = row[(i + turn) % row.size()];
    const bool number = field.kind == Field::Kind::kCount || field.kind == Field::Kind::kPercent;
    if (field.optional && spelling.missing_optional) continue;
    if (number && spelling.missing_numbers) continue;
    begin_member(key_text(field.key, spelling));
    append_value(out, field, spelling, index, default_dates, percent_of_nothing);
  }
  if (spelling.unknown_keys) {
    begin_member("isPreview");
    out += "true";
  }
  out += '}';
}

void RowList::add(const std::vector<Field>& row, std::size_t index, DateSpelling default_dates,
                  bool percent_of_nothing) {
  begins_.push_back(text_.size());
  if (!text_.empty()) text_ += ',';
  append_row(text_, row, spelling_, index, default_dates, percent_of_nothing);
}

std::string_view RowList::text() const {
  const std::size_t kept = count() - std::min(spelling_.drop_rows, count());
  return std::string_view(text_).substr(0, kept < count() ? begins_[kept] : text_.size());
}

std::string percent_text(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace simulator
