#include "exporter/web/web_config.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <variant>

#include "exporter/settings/message_text.h"
#include "exporter/settings/regular_file.h"
#include "exporter/settings/section.h"
#include "exporter/settings/yaml_tree.h"
#include "exporter/web/toolkit_values.h"

namespace pce {
namespace {

constexpr std::size_t kFileBytesMax = 1024UL * 1024;

constexpr std::array<std::string_view, 4> kKeys{"tls_server_config", "http_server_config",
                                                "basic_auth_users", "rate_limit"};
constexpr std::array<std::string_view, 2> kHttpKeys{"http2", "headers"};
constexpr std::array<std::string_view, 5> kHeaders{"Content-Security-Policy", "X-Frame-Options",
                                                   "X-Content-Type-Options", "X-XSS-Protection",
                                                   "Strict-Transport-Security"};
constexpr std::array<std::string_view, 2> kFrameOptions{"deny", "sameorigin"};
constexpr std::array<std::string_view, 1> kTypeOptions{"nosniff"};
constexpr std::array<std::string_view, 2> kRateKeys{"interval", "burst"};

class WebConfigReader {
 public:
  WebConfigReader(const std::filesystem::path& folder, WallTime now) : folder_(folder), now_(now) {}
  WebConfigReading read(const YamlNode& root);

 private:
  void tls(const SettingField& field);
  void http(const SettingField& field);
  void headers(const SettingField& field);
  void users(const SettingField& field);
  void rate_limit(const SettingField& field);

  const std::filesystem::path& folder_;
  WallTime now_;
  WebConfig config_;
  SettingComplaints complaints_;
  SettingComplaints doubts_;
};

WebConfigReading WebConfigReader::read(const YamlNode& root) {
  if (root.kind != YamlNode::Kind::kNothing) {
    const SettingSection section({.value = &root, .place = root.place, .path = ""}, kKeys,
                                 complaints_);
    if (const auto field = find_value(section, "tls_server_config")) tls(*field);
    if (const auto field = find_value(section, "http_server_config")) http(*field);
    if (const auto field = find_value(section, "basic_auth_users")) users(*field);
    if (const auto field = find_value(section, "rate_limit")) rate_limit(*field);
  }
  WebConfigReading reading{.mistakes = complaints_.in_order(), .doubts = doubts_.in_order()};
  if (complaints_.none()) reading.config = std::move(config_);
  return reading;
}

void WebConfigReader::tls(const SettingField& field) {
  SettingComplaints own;
  config_.tls = read_tls_settings(field, folder_, own, doubts_);
  if (config_.tls && own.none()) {
    config_.credentials = TlsCredentials::load(*config_.tls, own);
    if (config_.credentials) {
      const PemSource& source = config_.tls->certificate;
      if (const std::string doubt = config_.credentials->doubt(now_); !doubt.empty()) {
        doubts_.add(source.place, source.path, doubt);
      }
    }
  }
  for (const SettingMistake& mistake : own.in_order()) {
    complaints_.add(*mistake.place, mistake.path, mistake.message, mistake.suggestion);
  }
}

void WebConfigReader::http(const SettingField& field) {
  const SettingSection section(field, kHttpKeys, complaints_);
  if (const auto http2 = find_value(section, "http2")) {
    if (toolkit_truth_of(*http2, complaints_).value_or(false)) {
      doubts_.add(http2->place, http2->path,
                  "allows HTTP/2, which this exporter does not speak: clients get HTTP/1.1");
    }
  }
  if (const auto map = find_value(section, "headers")) headers(*map);
}

void WebConfigReader::headers(const SettingField& field) {
  const SettingSection section(field, kHeaders, complaints_);
  for (const std::string_view name : kHeaders) {
    const auto enumerated = [&]() -> std::span<const std::string_view> {
      if (name == "X-Frame-Options") return kFrameOptions;
      if (name == "X-Content-Type-Options") return kTypeOptions;
      return {};
    }();
    const auto value = enumerated.empty() ? find_value(section, name)
                       : section.is_map() ? section.find(name)
                                          : std::nullopt;
    if (!value) continue;
    if (!enumerated.empty()) {
      if (const auto word = choice_of(*value, enumerated, complaints_)) {
        config_.headers.push_back({std::string(name), std::string(enumerated[*word])});
      }
      continue;
    }
    const std::string wanted = "text on one line";
    auto text = text_of(*value, wanted, complaints_);
    if (!text) continue;
    if (std::ranges::any_of(
            *text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) {
      complaints_.add(value->place, value->path,
                      "found a line end or another control character, which no header can carry, "
                      "wanted " +
                          wanted);
      continue;
    }
    config_.headers.push_back({std::string(name), std::move(*text)});
  }
}

void WebConfigReader::users(const SettingField& field) {
  if (field.value->kind != YamlNode::Kind::kMap) {
    const SettingSection complains(field, std::array<std::string_view, 1>{"NAME: HASH"},
                                   complaints_);
    return;
  }
  for (const YamlNode& entry : field.value->items) {
    const TextPlace place = entry.kind == YamlNode::Kind::kNothing ? entry.key_place : entry.place;
    const std::string path = field.path + "." + key_text(entry.key);
    if (entry.key.find(':') != std::string::npos) {
      complaints_.add(entry.key_place, path,
                      "found a name with a colon, which no client can send (RFC 7617), wanted one "
                      "without");
    }
    const bool text = entry.kind == YamlNode::Kind::kText;
    auto hash = BcryptHash::parse(text ? std::string_view(entry.text) : std::string_view());
    if (!hash) {
      complaints_.add(place, path, hash.error().message);
    } else {
      config_.users.push_back({.name = entry.key, .hash = std::move(*hash)});
    }
  }
}

void WebConfigReader::rate_limit(const SettingField& field) {
  const SettingSection section(field, kRateKeys, complaints_);
  // Other than a text, a number is never empty.
  const auto given = [&](std::string_view key) {
    auto found = section.is_map() ? section.find(key) : std::nullopt;
    return found && found->value->kind == YamlNode::Kind::kNothing ? std::nullopt : found;
  };
  std::chrono::nanoseconds interval{0};
  if (const auto found = given("interval")) {
    const std::string wanted = "the time between two requests, such as 100ms, or 0 for no limit";
    const auto text = text_of(*found, wanted, complaints_);
    if (!text) return;
    const auto parsed = parse_go_duration(*text);
    if (!parsed) {
      complaints_.add(found->place, found->path,
                      "found " + in_quotes(*text) + ", wanted " + wanted);
      return;
    }
    interval = *parsed;
  }
  const auto burst = given("burst");
  std::optional<std::int64_t> number;
  if (burst) {
    number = whole_number_of(*burst, interval.count() > 0 ? 1 : 0, std::numeric_limits<int>::max(),
                             complaints_);
    if (!number) return;
  }
  if (interval.count() == 0) return;
  if (!number) {
    complaints_.add(field.place, field.path + ".burst",
                    "missing, wanted how many requests may come at once, or none would pass");
    return;
  }
  config_.rate_limit = Rate{.interval = interval, .burst = static_cast<int>(*number)};
}

}  // namespace

WebConfigReading read_web_config(const std::filesystem::path& file, WallTime now) {
  const auto opened = RegularFile::open(file);
  auto text = opened ? opened->read(kFileBytesMax) : Result<std::string>(opened.error());
  if (!text) return {.mistakes = {{.message = text.error().message}}};
  const Secret content(std::move(*text));
  const auto document = read_yaml(content.reveal());
  if (const auto* mistake = std::get_if<SettingMistake>(&document)) return {.mistakes = {*mistake}};
  return WebConfigReader(file.parent_path(), now).read(std::get<YamlNode>(document));
}

}  // namespace pce
