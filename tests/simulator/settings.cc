#include "tests/simulator/settings.h"

#include <array>

#include <fmt/format.h>

#include "tests/simulator/spelling.h"
#include "tests/simulator/text.h"

namespace simulator {
namespace {

using nlohmann::json;

struct Choice {
  std::string_view name;
  std::string Settings::*member;
  std::string_view values;  // separated by spaces
};

constexpr std::array kChoices{
    Choice{"account", &Settings::account,
           "active disabled locked password_expired not_found guest unassigned"},
    Choice{"client_credential", &Settings::client_credential, "valid expired"},
    Choice{"conditional_access", &Settings::conditional_access,
           "none require_mfa block block_device_code"},
    Choice{"consent", &Settings::consent, "granted required admin"},
    Choice{"redirect_type", &Settings::redirect_type, "any native web spa"},
    Choice{"unknown_customer", &Settings::unknown_customer, "20002 60003"},
    Choice{"commercial_prefix", &Settings::commercial_prefix, "both partner plain none"},
    Choice{"commercial_slash", &Settings::commercial_slash, "both with without"},
    Choice{"bad_question", &Settings::bad_question, "3000 800002"},
    Choice{"next_link", &Settings::next_link,
           "null absolute root_relative last_segment repeat other_host"},
    Choice{"customers_link", &Settings::customers_link,
           "versioned unversioned absolute repeat other_host"},
    Choice{"partner_usage", &Settings::partner_usage, "documented computed"},
};

struct Switch {
  std::string_view name;
  bool Settings::*member;
};
constexpr std::array kSwitches{Switch{"enforce_mfa", &Settings::enforce_mfa},
                               Switch{"mfa", &Settings::mfa},
                               Switch{"public_flows", &Settings::public_flows},
                               Switch{"rotate_refresh_tokens", &Settings::rotate_refresh_tokens}};

struct Span {
  std::string_view name;
  std::chrono::milliseconds Settings::*member;
};
constexpr std::array kSpans{
    Span{"latency", &Settings::latency},
    Span{"token_lifetime", &Settings::token_lifetime},
    Span{"refresh_token_lifetime", &Settings::refresh_token_lifetime},
    Span{"authorization_code_lifetime", &Settings::authorization_code_lifetime},
    Span{"device_code_lifetime", &Settings::device_code_lifetime},
    Span{"device_code_interval", &Settings::device_code_interval}};

struct Count {
  std::string_view name;
  std::optional<unsigned> Settings::*member;
};
constexpr std::array kCounts{Count{"requests_per_minute", &Settings::requests_per_minute},
                             Count{"loop_limit", &Settings::loop_limit}};

// The complaint, or nothing; `found` tells whether the key was one of this table.
std::string read_one(const std::string& key, const json& value, Settings& settings, bool& found) {
  for (const Choice& c : kChoices) {
    if (c.name != key) continue;
    found = true;
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    if (!has_word(c.values, text))
      return fmt::format("{}: {} is none of: {}", key, value.dump(), c.values);
    settings.*c.member = text;
  }
  for (const Switch& s : kSwitches) {
    if (s.name != key) continue;
    found = true;
    if (!value.is_boolean())
      return fmt::format("{}: wanted true or false, found {}", key, value.dump());
    settings.*s.member = value.get<bool>();
  }
  for (const Span& s : kSpans) {
    if (s.name != key) continue;
    found = true;
    const auto span = value.is_string() ? parse_duration(value.get<std::string>()) : std::nullopt;
    if (!span)
      return fmt::format("{}: wanted a duration such as \"20ms\", found {}", key, value.dump());
    settings.*s.member = *span;
  }
  for (const Count& c : kCounts) {
    if (c.name != key) continue;
    found = true;
    if (!value.is_null() && !(value.is_number_unsigned() && value.get<std::uint64_t>() >= 1 &&
                              value.get<std::uint64_t>() <= 10'000'000)) {
      return fmt::format("{}: wanted a whole number from 1 or null, found {}", key, value.dump());
    }
    (settings.*c.member).reset();
    if (!value.is_null()) settings.*c.member = value.get<unsigned>();
  }
  if (key == "sign_in_frequency") {
    found = true;
    const auto span = value.is_string() ? parse_duration(value.get<std::string>()) : std::nullopt;
    if (!span && !value.is_null()) {
      return fmt::format("{}: wanted a duration such as \"12h\" or null, found {}", key,
                         value.dump());
    }
    settings.sign_in_frequency = span;
  }
  return "";
}

}  // namespace

std::string apply_settings(const json& object, Settings& settings) {
  if (!object.is_object()) return "the body is not a JSON object";
  Settings next = settings;
  for (const auto& [key, value] : object.items()) {
    bool found = false;
    if (const auto problem = read_one(key, value, next, found); !problem.empty()) return problem;
    if (key == "variant") {
      Spelling unused;
      if (const auto problem = read_spelling(value, unused); !problem.empty()) return problem;
      next.variant = value;
    } else if (!found) {
      return fmt::format("{}: there is no such setting", key);
    }
  }
  settings = std::move(next);
  return "";
}

nlohmann::ordered_json describe(const Settings& settings) {
  nlohmann::ordered_json out;
  for (const Choice& c : kChoices) out[std::string(c.name)] = settings.*c.member;
  for (const Switch& s : kSwitches) out[std::string(s.name)] = settings.*s.member;
  for (const Span& s : kSpans)
    out[std::string(s.name)] = fmt::format("{}ms", (settings.*s.member).count());
  for (const Count& c : kCounts) {
    out[std::string(c.name)] = nullptr;
    if (settings.*c.member) out[std::string(c.name)] = *(settings.*c.member);
  }
  out["sign_in_frequency"] = nullptr;
  if (settings.sign_in_frequency)
    out["sign_in_frequency"] = fmt::format("{}ms", settings.sign_in_frequency->count());
  out["variant"] = settings.variant;
  return out;
}

}  // namespace simulator
