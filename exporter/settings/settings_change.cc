#include "exporter/settings/settings_change.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "exporter/settings/duration.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

using Kind = SettingLine::Kind;

constexpr std::size_t kNamedMax = 5;  // entries of one list

const char* name_of(Cloud cloud) {
  switch (cloud) {
    case Cloud::kGlobal:
      return "global";
    case Cloud::kUsGovernment:
      return "us_government";
    case Cloud::kChina:
      return "china";
    case Cloud::kCustom:
      return "custom";
  }
  return "custom";
}

const char* name_of(InsightSource source) {
  switch (source) {
    case InsightSource::kAuto:
      return "auto";
    case InsightSource::kCommercial:
      return "commercial";
    case InsightSource::kClassic:
      return "classic";
  }
  return "auto";
}

const char* name_of(CustomerLabel label) {
  switch (label) {
    case CustomerLabel::kName:
      return "name";
    case CustomerLabel::kId:
      return "id";
    case CustomerLabel::kHash:
      return "hash";
  }
  return "name";
}

std::string account_key(const AccountSettings& account) {
  return "accounts[" + key_text(account.name) + "]";
}

class Lines {
 public:
  void add(std::string key, std::string value, Kind kind = Kind::kValue) {
    lines_.push_back({std::move(key), std::move(value), kind});
  }
  void number(std::string key, std::int64_t value) { add(std::move(key), std::to_string(value)); }
  void text(std::string key, const std::string& value) {
    if (!value.empty()) add(std::move(key), in_quotes(value));
  }
  void file(std::string key, const std::optional<std::filesystem::path>& file) {
    if (file) add(std::move(key), path_text(*file), Kind::kFile);
  }
  void customers(const std::string& key, const std::vector<CustomerPattern>& patterns) {
    for (const CustomerPattern& pattern : patterns)
      add(key, in_quotes(pattern.text), Kind::kCustomer);
  }
  std::vector<SettingLine> take() { return std::move(lines_); }

 private:
  std::vector<SettingLine> lines_;
};

void add_account(Lines& lines, const AccountSettings& account) {
  const std::string at = account_key(account) + ".";
  lines.add(at + "cloud", name_of(account.cloud));
  lines.add(at + "tenant_id", std::string(account.tenant_id.text()));
  lines.add(at + "client_id", account.client_id);
  const CredentialSettings& credential = account.credential;
  lines.file(at + "client_secret_file", credential.client_secret_file);
  lines.file(at + "client_certificate_file", credential.client_certificate_file);
  lines.file(at + "client_key_file", credential.client_key_file);
  lines.file(at + "client_certificate_password_file", credential.client_certificate_password_file);
  lines.file(at + "federated_token_file", credential.federated_token_file);
  lines.add(at + "refresh_token_file", path_text(account.refresh_token_file));
  lines.add(at + "endpoints.api", account.endpoints.api);
  lines.add(at + "endpoints.login", account.endpoints.login);
  lines.add(at + "endpoints.resource", account.endpoints.resource);
  lines.text(at + "proxy", account.network.proxy);
  lines.file(at + "proxy_credentials_file", account.network.proxy_credentials_file);
  lines.file(at + "ca_file", account.network.ca_file);
}

std::string target_text(const CustomerTarget& target) {
  std::string text;
  for (const CustomerPattern& pattern : target.match)
    text += (text.empty() ? "" : ", ") + in_quotes(pattern.text);
  const auto figure = [&text](const char* key, const std::optional<std::int64_t>& value) {
    if (value) text.append("; ").append(key).append(" ").append(std::to_string(*value));
  };
  figure("deployment_percent", target.deployment_percent);
  figure("usage_percent", target.usage_percent);
  figure("spare_licenses", target.spare_licenses);
  if (!target.owner.empty()) text += "; owner " + in_quotes(target.owner);
  return text;
}

void add_targets(Lines& lines, const TargetSettings& targets) {
  lines.number("targets.deployment_percent", targets.deployment_percent);
  lines.number("targets.usage_percent", targets.usage_percent);
  lines.number("targets.spare_licenses", targets.spare_licenses);
  lines.number("targets.sold_drop_percent", targets.sold_drop_percent);
  lines.text("targets.owner", targets.owner);
  for (const std::string& product : targets.ignored_products)
    lines.add("targets.ignored_products", in_quotes(product), Kind::kEntry);
  for (const CustomerTarget& target : targets.customers)
    lines.add("targets.customers", target_text(target), Kind::kCustomer);
}

// All lines of one key.
struct Entry {
  Kind kind = Kind::kValue;
  std::multiset<std::string> values{};
};
using Entries = std::map<std::string, Entry>;

std::string change_of_list(const std::string& key, const Entry& before, const Entry& after,
                           bool may_name) {
  std::string text = key;
  const auto say = [&](const char* verb, const Entry& there, const Entry& not_there) {
    std::vector<std::string> values;
    std::ranges::set_difference(there.values, not_there.values, std::back_inserter(values));
    if (values.empty()) return;
    text.append(text == key ? ": " : "; ").append(verb);
    if (!may_name || values.size() > kNamedMax) {
      text.append(" ")
          .append(std::to_string(values.size()))
          .append(values.size() == 1 ? " entry" : " entries");
      return;
    }
    for (const std::string& value : values)
      text.append(&value == &values.front() ? " " : ", ").append(value);
  };
  say("added", after, before);
  say("removed", before, after);
  return text;
}

std::string change_of(const std::string& key, const Entry& before, const Entry& after,
                      bool may_name_customers) {
  const Kind kind = before.values.empty() ? after.kind : before.kind;
  if (kind == Kind::kEntry || kind == Kind::kCustomer)
    return change_of_list(key, before, after, kind == Kind::kEntry || may_name_customers);
  if (before.values.empty()) return key + ": set to " + *after.values.begin();
  if (after.values.empty()) return key + ": not set any more, was " + *before.values.begin();
  return key + ": from " + *before.values.begin() + " to " + *after.values.begin();
}

const AccountSettings* find_account(const Settings& settings, const std::string& name) {
  const auto found = std::ranges::find(settings.accounts, name, &AccountSettings::name);
  return found == settings.accounts.end() ? nullptr : &*found;
}

}  // namespace

std::vector<SettingLine> setting_lines(const Settings& settings) {
  Lines lines;
  for (const AccountSettings& account : settings.accounts) add_account(lines, account);
  lines.add("insights.source", name_of(settings.source));
  for (const std::string& collector : settings.collectors)
    lines.add("insights.collectors", collector, Kind::kEntry);
  lines.add("insights.interval", duration_text(settings.interval));
  lines.add("insights.stale_after", duration_text(settings.stale_after));
  lines.number("insights.guard.min_rows_percent", settings.guard.min_rows_percent);
  lines.number("insights.guard.confirmations", settings.guard.confirmations);
  lines.add("insights.guard.over", duration_text(settings.guard.over));
  lines.add("insights.reexamine", duration_text(settings.reexamine));
  lines.text("insights.processed_date", settings.processed_date);
  lines.customers("customers.include", settings.customers_include);
  lines.customers("customers.exclude", settings.customers_exclude);
  lines.add("customers.resellers", settings.resellers ? "true" : "false");
  add_targets(lines, settings.targets);
  lines.number("limits.requests_per_minute", settings.limits.requests_per_minute);
  lines.number("limits.concurrency", settings.limits.concurrency);
  lines.number("limits.series", settings.limits.series);
  lines.text("metrics.prefix", settings.metrics.prefix);
  lines.add("metrics.customer_label", name_of(settings.metrics.customer_label));
  lines.file("metrics.customer_key_file", settings.metrics.customer_key_file);
  return lines.take();
}

std::vector<std::string> changes_between(const Settings& before, const Settings& after) {
  std::vector<std::string> changes;
  // Of an account that comes or goes one line is enough.
  Settings former = before;
  Settings next = after;
  for (const AccountSettings& account : before.accounts) {
    if (find_account(after, account.name) == nullptr)
      changes.push_back(account_key(account) + ": removed");
  }
  for (const AccountSettings& account : after.accounts) {
    if (find_account(before, account.name) == nullptr)
      changes.push_back(account_key(account) + ": added");
  }
  std::erase_if(former.accounts, [&](const auto& a) { return !find_account(after, a.name); });
  std::erase_if(next.accounts, [&](const auto& a) { return !find_account(before, a.name); });

  std::vector<std::string> keys;  // in the order of the file
  std::array<Entries, 2> entries;
  std::size_t side = 0;
  for (const Settings* settings : {&former, &next}) {
    for (SettingLine& line : setting_lines(*settings)) {
      if (!entries[0].contains(line.key) && !entries[1].contains(line.key))
        keys.push_back(line.key);
      Entry& entry = entries[side][line.key];
      entry.kind = line.kind;
      entry.values.insert(std::move(line.value));
    }
    ++side;
  }
  const bool may_name = before.metrics.customer_label == CustomerLabel::kName &&
                        after.metrics.customer_label == CustomerLabel::kName;
  for (const std::string& key : keys) {
    const Entry& was = entries[0][key];
    const Entry& is = entries[1][key];
    if (was.values != is.values) changes.push_back(change_of(key, was, is, may_name));
  }
  return changes;
}

}  // namespace pce
