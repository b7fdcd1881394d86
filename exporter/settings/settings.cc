#include "exporter/settings/settings.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

#include "exporter/settings/account_settings.h"
#include "exporter/settings/duration.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/regular_file.h"
#include "exporter/settings/section.h"
#include "exporter/settings/spelling.h"
#include "exporter/settings/yaml_tree.h"

namespace pce {
namespace {

constexpr std::size_t kPrefixBytesMax = 64;
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
constexpr std::string_view kLettersAndDigits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

constexpr std::size_t kFileBytesMax = 1024UL * 1024;
constexpr std::int64_t kConcurrencyMax = 1000;  // one thread each

constexpr std::array<std::string_view, 5> kKeys{"accounts", "insights", "customers", "limits",
                                                "metrics"};
constexpr std::array<std::string_view, 4> kInsightKeys{"source", "collectors", "interval",
                                                       "stale_after"};
constexpr std::array<std::string_view, 2> kCustomerKeys{"include", "exclude"};
constexpr std::array<std::string_view, 3> kLimitKeys{"requests_per_minute", "concurrency",
                                                     "series"};
constexpr std::array<std::string_view, 2> kMetricKeys{"prefix", "customer_label"};

// In the order of enum InsightSource and enum CustomerLabel.
constexpr std::array<std::string_view, 3> kSources{"auto", "commercial", "classic"};
constexpr std::array<std::string_view, 3> kCustomerLabels{"name", "id", "hash"};

constexpr std::array<std::string_view, 4> kCollectors{"customer_deployment", "customer_usage",
                                                      "partner_deployment", "partner_usage"};

std::optional<std::chrono::milliseconds> duration_of(const SettingField& field,
                                                     SettingComplaints& complaints) {
  const auto text = text_of(field, "a duration such as 6h, 1h30m or 250ms", complaints);
  if (!text) return std::nullopt;
  const auto duration = parse_duration(*text);
  if (!duration) {
    complaints.add(field.place, field.path, duration.error().message);
    return std::nullopt;
  }
  if (duration->count() == 0) {
    complaints.add(field.place, field.path,
                   "found " + in_quotes(*text) + ", wanted a duration longer than 0");
    return std::nullopt;
  }
  return *duration;
}

void read_durations(const SettingSection& section, Settings& settings,
                    SettingComplaints& complaints) {
  const auto interval_field = section.find("interval");
  const auto stale_field = section.find("stale_after");
  const auto interval =
      interval_field ? duration_of(*interval_field, complaints) : settings.interval;
  const auto stale_after =
      stale_field ? duration_of(*stale_field, complaints) : settings.stale_after;
  if (!interval || !stale_after) return;
  if (*stale_after < *interval) {
    // Unless both are the defaults, one of the two stands in the file.
    const SettingField& field = stale_field ? *stale_field : *interval_field;
    complaints.add(field.place, field.path,
                   "found stale_after " + duration_text(*stale_after) +
                       (stale_field ? "" : " (the default)") + " shorter than interval " +
                       duration_text(*interval) + (interval_field ? "" : " (the default)") +
                       ", wanted it at least as long: samples would go away between two reads");
    return;
  }
  settings.interval = *interval;
  settings.stale_after = *stale_after;
}

void read_collectors(const SettingField& field, Settings& settings, SettingComplaints& complaints) {
  const std::string wanted = "a list of " + any_of(kCollectors);
  const auto items = list_of(field, wanted, complaints);
  if (!items) return;
  if (items->empty())
    complaints.add(field.place, field.path, "found an empty list, wanted " + wanted);
  settings.collectors.clear();
  for (const SettingField& item : *items) {
    const auto index = choice_of(item, kCollectors, complaints);
    if (!index) continue;
    const std::string name(kCollectors[*index]);
    if (std::ranges::find(settings.collectors, name) != settings.collectors.end()) {
      complaints.add(item.place, item.path,
                     "found " + in_quotes(name) + " a second time, wanted it once");
      continue;
    }
    settings.collectors.push_back(name);
  }
}

void read_insights(const SettingField& field, Settings& settings, SettingComplaints& complaints) {
  const SettingSection section(field, kInsightKeys, complaints);
  if (const auto source = section.find("source")) {
    if (const auto index = choice_of(*source, kSources, complaints)) {
      settings.source = static_cast<InsightSource>(*index);
      if (settings.source == InsightSource::kCommercial) {
        complaints.add(source->place, source->path,
                       "found \"commercial\", which is not supported yet, wanted auto or classic");
      }
    }
  }
  if (const auto collectors = section.find("collectors"))
    read_collectors(*collectors, settings, complaints);
  read_durations(section, settings, complaints);
}

void read_patterns(const SettingSection& section, std::string_view key,
                   std::vector<std::string>& patterns, SettingComplaints& complaints) {
  const auto field = section.find(key);
  if (!field) return;
  const auto items =
      list_of(*field, "a list of customer ids or names, with * for any text", complaints);
  if (!items) return;
  for (const SettingField& item : *items) {
    if (auto text = text_of(item, "a customer's id or name, with * for any text", complaints)) {
      patterns.push_back(std::move(*text));
    }
  }
  if (!items->empty()) {
    complaints.add(field->place, field->path,
                   "choosing customers is not supported yet, wanted an empty list: []");
  }
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
    const auto number =
        whole_number_of(*series, 1, std::numeric_limits<std::int64_t>::max(), complaints);
    if (number && *number != limits.series) {
      complaints.add(series->place, series->path,
                     "found " + std::to_string(*number) + ", but another limit than " +
                         std::to_string(limits.series) + " is not supported yet");
    }
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

void read_metrics(const SettingField& field, MetricSettings& metrics,
                  SettingComplaints& complaints) {
  const SettingSection section(field, kMetricKeys, complaints);
  if (const auto prefix = section.find("prefix")) read_prefix(*prefix, metrics, complaints);
  if (const auto label = section.find("customer_label")) {
    const auto index = choice_of(*label, kCustomerLabels, complaints);
    if (index && static_cast<CustomerLabel>(*index) != CustomerLabel::kName) {
      complaints.add(
          label->place, label->path,
          "found " + in_quotes(label->value->text) + ", which is not supported yet, wanted name");
    }
  }
}

Result<Settings> read_settings(std::string_view text, const std::string& file,
                               const std::filesystem::path& folder, SecretFiles secret_files) {
  const auto document = read_yaml(text, file);
  if (!document) return document.error();
  SettingComplaints complaints(file);
  if (document->kind == YamlNode::Kind::kNothing) {
    complaints.add(
        {}, "",
        "found nothing in it, wanted at least accounts with name, tenant_id, client_id and "
        "refresh_token_file; config/partner_center.example.yml shows every key");
    return complaints.error();
  }
  const SettingSection section({.value = &*document, .place = document->place, .path = ""}, kKeys,
                               complaints);
  Settings settings;
  if (const auto accounts = section.require(
          "accounts", "a list with one entry for each partner tenant (- name: …)")) {
    settings.accounts = read_accounts(*accounts, folder, secret_files, complaints);
  }
  if (const auto insights = section.find("insights"))
    read_insights(*insights, settings, complaints);
  if (const auto field = section.find("customers")) {
    const SettingSection customers(*field, kCustomerKeys, complaints);
    read_patterns(customers, "include", settings.customers_include, complaints);
    read_patterns(customers, "exclude", settings.customers_exclude, complaints);
  }
  if (const auto limits = section.find("limits")) read_limits(*limits, settings.limits, complaints);
  if (const auto metrics = section.find("metrics"))
    read_metrics(*metrics, settings.metrics, complaints);
  if (!complaints.none()) return complaints.error();
  return settings;
}

}  // namespace

std::span<const std::string_view> collector_names() { return kCollectors; }

Result<Settings> parse_settings(std::string_view text, const std::string& file,
                                const std::filesystem::path& folder) {
  return read_settings(text, file, folder, SecretFiles::kLeave);
}

Result<Settings> load_settings(const std::filesystem::path& file) {
  const auto opened = RegularFile::open(file);
  if (!opened) {
    std::error_code ignored;
    if (std::filesystem::symlink_status(file, ignored).type() !=
        std::filesystem::file_type::not_found) {
      return opened.error();
    }
    return Error{.kind = ErrorKind::kSettings,
                 .message = opened.error().message +
                            ": name the configuration with --config.file, or begin with a copy of "
                            "config/partner_center.example.yml"};
  }
  const auto text = opened->read(kFileBytesMax);
  if (!text) return text.error();
  return read_settings(*text, path_text(file), file.parent_path(), SecretFiles::kCheck);
}

}  // namespace pce
