// Reading of fault rules: strict, so that a misspelt rule is not a test that checks nothing.
#include <array>

#include <fmt/format.h>

#include "tests/simulator/faults.h"
#include "tests/simulator/text.h"

namespace simulator {
namespace {

using nlohmann::json;

constexpr std::string_view kShapes = "E1 E2 E3 html empty array not_json big nested";

std::string wrong(std::string_view key, std::string_view wanted, const json& found) {
  return fmt::format("{}: wanted {}, found {}", key, wanted, found.dump());
}

std::optional<std::uint64_t> whole(const json& value, std::uint64_t max) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max) return std::nullopt;
  return value.get<std::uint64_t>();
}

std::string read_match(const json& object, Match& match) {
  if (!object.is_object()) return wrong("match", "an object", object);
  struct Text {
    std::string_view name;
    std::optional<std::string> Match::*member;
  };
  static constexpr std::array kTexts{Text{"path_contains", &Match::path_contains},
                                     Text{"query_contains", &Match::query_contains},
                                     Text{"operation", &Match::operation},
                                     Text{"customer", &Match::customer},
                                     Text{"tenant", &Match::tenant},
                                     Text{"method", &Match::method}};
  for (const auto& [key, value] : object.items()) {
    bool known = false;
    for (const Text& text : kTexts) {
      if (text.name != key) continue;
      known = true;
      if (!value.is_string()) return wrong("match." + key, "text", value);
      match.*text.member = value.get<std::string>();
    }
    if (key == "continued" || key == "grouped") {
      known = true;
      if (!value.is_boolean()) return wrong("match." + key, "true or false", value);
      (key == "continued" ? match.continued : match.grouped) = value.get<bool>();
    }
    if (key == "page" || key == "skip") {
      known = true;
      const auto number = whole(value, 1'000'000'000'000);
      const bool page = key == "page";
      if (!number || (page && *number == 0)) {
        return wrong("match." + key, page ? "a number from 1" : "a number from 0", value);
      }
      (page ? match.page : match.skip) = number;
    }
    if (!known) return fmt::format("match.{}: there is no such member", key);
  }
  return "";
}

// Members that are switches.
bool* switch_named(std::string_view name, Fault& fault) {
  if (name == "close") return &fault.close;
  if (name == "truncate") return &fault.truncate;
  if (name == "half_body") return &fault.half_body;
  if (name == "endless") return &fault.endless;
  if (name == "hold") return &fault.hold;
  if (name == "reprocess") return &fault.reprocess;
  if (name == "retry_after_as_date") return &fault.retry_after_as_date;
  return nullptr;
}

// Members are read in alphabetical order, so the number comes first and the others change what it
// stands for.
std::string read_refusal(const std::string& key, const json& value, Fault& fault) {
  const std::string name = "fault." + key;
  if (key == "aadsts") {
    const json numbers = value.is_array() ? value : json::array({value});
    std::vector<int> all;
    for (const json& one : numbers) {
      const auto number = whole(one, 99'999'999);
      if (!number) return wrong(name, "a number or an array of numbers", value);
      all.push_back(static_cast<int>(*number));
    }
    if (all.empty()) return wrong(name, "a number or an array of numbers", value);
    fault.refusal = refusal_of(all.front());
    fault.refusal->numbers = std::move(all);
    return "";
  }
  if (!value.is_string()) return wrong(name, "text", value);
  if (!fault.refusal) return name + ": only beside aadsts";
  Refusal& refusal = *fault.refusal;
  (key == "error"    ? refusal.error
   : key == "claims" ? refusal.claims
                     : refusal.suberror) = value.get<std::string>();
  return "";
}

std::string read_member(const std::string& key, const json& value, Fault& fault) {
  const std::string name = "fault." + key;
  if (bool* flag = switch_named(key, fault)) {
    if (!value.is_boolean()) return wrong(name, "true or false", value);
    *flag = value.get<bool>();
  } else if (key == "status") {
    const auto status = whole(value, 599);
    if (!status || *status < 200) return wrong(name, "a status from 200 to 599", value);
    fault.status = static_cast<int>(*status);
  } else if (key == "aadsts" || key == "error" || key == "suberror" || key == "claims") {
    return read_refusal(key, value, fault);
  } else if (key == "retry_after") {
    const auto seconds = whole(value, 1'000'000);
    if (!seconds) return wrong(name, "whole seconds", value);
    fault.retry_after = std::chrono::seconds(*seconds);
  } else if (key == "bytes") {
    fault.bytes = whole(value, 10'000'000'000);
    if (!fault.bytes) return wrong(name, "a size", value);
  } else if (key == "delay" || key == "between_bytes") {
    const auto span = value.is_string() ? parse_duration(value.get<std::string>()) : std::nullopt;
    if (!span) return wrong(name, "a duration such as \"2s\"", value);
    (key == "delay" ? fault.delay : fault.between_bytes) = *span;
  } else if (key == "shape") {
    if (!value.is_string() || !has_word(kShapes, value.get<std::string>())) {
      return wrong(name, fmt::format("one of: {}", kShapes), value);
    }
    fault.shape = value.get<std::string>();
  } else if (key == "code") {
    if (!value.is_string() && !value.is_number_integer())
      return wrong(name, "text or a number", value);
    fault.code = value;
  } else if (key == "description") {
    if (!value.is_string()) return wrong(name, "text", value);
    fault.description = value.get<std::string>();
  } else if (key == "body") {
    if (!value.is_string()) return wrong(name, "text", value);
    fault.body = value.get<std::string>();
  } else if (key == "headers") {
    if (!value.is_object()) return wrong(name, "an object", value);
    for (const auto& [header, text] : value.items()) {
      if (!text.is_string()) return wrong(name + "." + header, "text", text);
      fault.headers.emplace_back(header, text.get<std::string>());
    }
  } else if (key == "variant") {
    Spelling unused;
    if (auto problem = read_spelling(value, unused); !problem.empty()) return "fault." + problem;
    fault.variant = value;
  } else {
    return fmt::format("{}: there is no such member", name);
  }
  return "";
}

}  // namespace

std::string read_rule(const json& object, Rule& rule) {
  if (!object.is_object()) return "a rule is an object with match, share, times and fault";
  for (const auto& [key, value] : object.items()) {
    if (key == "match") {
      if (auto problem = read_match(value, rule.match); !problem.empty()) return problem;
    } else if (key == "share") {
      if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1) {
        return wrong("share", "a number from 0 to 1", value);
      }
      rule.share = value.get<double>();
    } else if (key == "times") {
      rule.times = value.is_null() ? std::nullopt : whole(value, 1'000'000'000'000);
      if (!rule.times && !value.is_null()) return wrong("times", "a whole number or null", value);
    } else if (key == "fault") {
      if (!value.is_object()) return wrong("fault", "an object", value);
      if (value.empty()) return "fault: it is empty, so nothing would happen";
      for (const auto& [member, content] : value.items()) {
        if (auto problem = read_member(member, content, rule.fault); !problem.empty())
          return problem;
      }
    } else {
      return fmt::format("{}: there is no such member", key);
    }
  }
  if (!object.contains("fault")) return "fault: missing";
  rule.source = object;
  return "";
}

}  // namespace simulator
