#include "exporter/settings/settings.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "exporter/base/sha256.h"
#include "exporter/settings/account_settings.h"
#include "exporter/settings/insight_settings.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/named_files.h"
#include "exporter/settings/pattern_list.h"
#include "exporter/settings/regular_file.h"
#include "exporter/settings/section.h"
#include "exporter/settings/target_settings.h"
#include "exporter/settings/yaml_tree.h"

namespace pce {
namespace {

constexpr std::size_t kPrefixBytesMax = 64;
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
constexpr std::string_view kLettersAndDigits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

constexpr std::size_t kFileBytesMax = 1024UL * 1024;
constexpr std::int64_t kConcurrencyMax = 1000;  // one thread each
constexpr std::int64_t kSeriesMax = 100'000'000;

constexpr std::array<std::string_view, 6> kKeys{"accounts", "insights", "customers",
                                                "targets",  "limits",   "metrics"};
constexpr std::array<std::string_view, 3> kCustomerKeys{"include", "exclude", "resellers"};
constexpr std::array<std::string_view, 3> kLimitKeys{"requests_per_minute", "concurrency",
                                                     "series"};
constexpr std::array<std::string_view, 3> kMetricKeys{"prefix", "customer_label",
                                                      "customer_key_file"};

constexpr std::size_t kCustomerKeyBytesMin = 32;
constexpr std::string_view kMakeKey = "(umask 077; openssl rand -hex 32) >";

constexpr std::array<std::string_view, 3> kCustomerLabels{
    "name", "id", "hash"};  // in the order of enum CustomerLabel

void read_customers(const SettingField& field, Settings& settings, SettingComplaints& complaints) {
  const SettingSection section(field, kCustomerKeys, complaints);
  if (const auto include = section.find("include"))
    settings.customers_include = pattern_list_of(*include, complaints);
  if (const auto exclude = section.find("exclude"))
    settings.customers_exclude = pattern_list_of(*exclude, complaints);
  if (const auto resellers = section.find("resellers"))
    settings.resellers = truth_of(*resellers, complaints).value_or(false);
}

void read_limits(const SettingField& field, LimitSettings& limits, SettingComplaints& complaints) {
  const SettingSection section(field, kLimitKeys, complaints);
  if (const auto rate = section.find("requests_per_minute")) {
    const auto number = whole_number_of(*rate, 1, std::numeric_limits<int>::max(), complaints);
    if (number) limits.requests_per_minute = static_cast<int>(*number);
  }
  if (const auto concurrency = section.find("concurrency")) {
    const auto number = whole_number_of(*concurrency, 1, kConcurrencyMax, complaints);
    if (number) limits.concurrency = static_cast<int>(*number);
  }
  if (const auto series = section.find("series")) {
    const auto number = whole_number_of(*series, 1, kSeriesMax, complaints);
    if (number) limits.series = *number;
  }
}

void read_prefix(const SettingField& field, MetricSettings& metrics,
                 SettingComplaints& complaints) {
  const std::string wanted =
      "\"\", or letters, digits and _ beginning with no digit and ending in _, such as "
      "partner_center_";
  const YamlNode& value = *field.value;
  if (value.kind == YamlNode::Kind::kText && value.text.empty()) return;
  const auto text = text_of(field, wanted, complaints);
  if (!text) return;
  if (text->size() < 2 || text->size() > kPrefixBytesMax || text->back() != '_' ||
      kLetters.find(text->front()) == std::string_view::npos ||
      text->find_first_not_of(kLettersAndDigits) != std::string::npos) {
    complaints.add(field.place, field.path, "found " + in_quotes(*text) + ", wanted " + wanted);
    return;
  }
  for (const std::string_view taken : {"process_", "scrape_", "partner_center_exporter_"}) {
    if (!text->starts_with(taken)) continue;
    complaints.add(field.place, field.path,
                   "found " + in_quotes(*text) + ", wanted a prefix that does not begin with " +
                       std::string(taken) + ", which belongs to other metrics");
    return;
  }
  metrics.prefix = *text;
}

void read_metrics(const SettingField& field, const std::filesystem::path& folder,
                  SecretFiles secret_files, MetricSettings& metrics,
                  SettingComplaints& complaints) {
  const SettingSection section(field, kMetricKeys, complaints);
  if (const auto prefix = section.find("prefix")) read_prefix(*prefix, metrics, complaints);
  if (const auto label = section.find("customer_label")) {
    const auto index = choice_of(*label, kCustomerLabels, complaints);
    if (index) metrics.customer_label = static_cast<CustomerLabel>(*index);
  }
  const auto key = section.find("customer_key_file");
  NamedFiles files(folder, secret_files, complaints);
  metrics.customer_key_file =
      files.find(key, {.what = "the path of a file with a secret of at least 32 characters",
                       .when_missing = "make one with: " + std::string(kMakeKey) + " FILE",
                       .bytes_min = kCustomerKeyBytesMin});
  if (metrics.customer_label == CustomerLabel::kHash && !key) {
    const auto label = section.find("customer_label");
    complaints.add(label->place, label->path,
                   "found \"hash\" without customer_key_file, wanted the two together: hashes are "
                   "made with the secret in that file and stay the same as long as it does; make "
                   "one with: " +
                       std::string(kMakeKey) + " FILE");
  }
}

SettingsReading read_text(std::string_view text, const std::filesystem::path& folder,
                          SecretFiles secret_files) {
  const auto document = read_yaml(text);
  if (const auto* mistake = std::get_if<SettingMistake>(&document)) return {.mistakes = {*mistake}};
  const YamlNode& root = std::get<YamlNode>(document);
  SettingComplaints complaints;
  if (root.kind == YamlNode::Kind::kNothing) {
    complaints.add(
        {}, "",
        "found nothing in it, wanted at least accounts with name, tenant_id, client_id and "
        "refresh_token_file; config/partner_center.example.yml shows every key");
    return {.mistakes = complaints.in_order()};
  }
  const SettingSection section({.value = &root, .place = root.place, .path = ""}, kKeys,
                               complaints);
  Settings settings;
  if (const auto accounts = section.require(
          "accounts", "a list with one entry for each partner tenant (- name: …)")) {
    settings.accounts = read_accounts(*accounts, folder, secret_files, complaints);
  }
  if (const auto insights = section.find("insights"))
    read_insights(*insights, settings, complaints);
  if (const auto customers = section.find("customers"))
    read_customers(*customers, settings, complaints);
  if (const auto targets = section.find("targets"))
    read_targets(*targets, settings.targets, complaints);
  if (const auto limits = section.find("limits")) read_limits(*limits, settings.limits, complaints);
  if (const auto metrics = section.find("metrics"))
    read_metrics(*metrics, folder, secret_files, settings.metrics, complaints);
  if (!complaints.none()) return {.mistakes = complaints.in_order()};
  return {.settings = std::move(settings)};
}

Result<Settings> result_of(SettingsReading reading, const std::string& file) {
  if (reading.settings) return std::move(*reading.settings);
  return settings_error(file, reading.mistakes);
}

}  // namespace

Result<Settings> parse_settings(std::string_view text, const std::string& file,
                                const std::filesystem::path& folder) {
  return result_of(read_text(text, folder, SecretFiles::kLeave), file);
}

SettingsReading read_settings(const std::filesystem::path& file) {
  const auto failed = [](const Error& error, const char* advice = "") {
    return SettingsReading{.mistakes = {{.message = error.message + advice}}};
  };
  const auto opened = RegularFile::open(file);
  if (!opened) {
    std::error_code ignored;
    const bool missing = std::filesystem::symlink_status(file, ignored).type() ==
                         std::filesystem::file_type::not_found;
    return failed(opened.error(),
                  missing ? ": name the configuration with --config.file, or begin with a copy of "
                            "config/partner_center.example.yml"
                          : "");
  }
  const auto text = opened->read(kFileBytesMax);
  if (!text) return failed(text.error());
  SettingsReading reading = read_text(*text, file.parent_path(), SecretFiles::kCheck);
  reading.digest = sha256(*text);
  return reading;
}

Result<Settings> load_settings(const std::filesystem::path& file) {
  return result_of(read_settings(file), path_text(file));
}

}  // namespace pce
