#include "exporter/settings/settings_yaml.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "exporter/settings/duration.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

// In the order of the enums.
constexpr std::array<const char*, 4> kClouds{"global", "us_government", "china", "custom"};
constexpr std::array<const char*, 3> kSources{"auto", "commercial", "classic"};
constexpr std::array<const char*, 3> kLabels{"name", "id", "hash"};

void write(YAML::Emitter& out, const char* key, const std::string& text) {
  out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << text;
}

void write(YAML::Emitter& out, const char* key, const char* word) {
  out << YAML::Key << key << YAML::Value << word;
}

void write(YAML::Emitter& out, const char* key, std::int64_t number) {
  out << YAML::Key << key << YAML::Value << number;
}

void write(YAML::Emitter& out, const char* key, std::chrono::milliseconds duration) {
  out << YAML::Key << key << YAML::Value << duration_text(duration);
}

void write(YAML::Emitter& out, const char* key, const std::optional<fs::path>& file) {
  if (file) write(out, key, file->string());
}

void write(YAML::Emitter& out, const char* key, const std::optional<std::int64_t>& number) {
  if (number) write(out, key, *number);
}

void write(YAML::Emitter& out, const char* key, const std::vector<std::string>& words) {
  out << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const std::string& word : words) out << YAML::DoubleQuoted << word;
  out << YAML::EndSeq;
}

class CustomersWriter {
 public:
  CustomersWriter(YAML::Emitter& out, CustomerLabel label) : out_(out), label_(label) {}

  void write(const char* key, const std::vector<CustomerPattern>& patterns) {
    std::vector<std::string> shown;
    for (const CustomerPattern& pattern : patterns) {
      if (may_be_shown(pattern.text)) shown.push_back(pattern.text);
    }
    pce::write(out_, key, shown);
    if (shown.size() < patterns.size())
      out_ << YAML::Comment("entries not shown, as they may tell who the customers are: " +
                            std::to_string(patterns.size() - shown.size()));
  }

 private:
  bool may_be_shown(const std::string& text) const {
    if (label_ == CustomerLabel::kId) return TenantId::parse(text).has_value();
    return label_ == CustomerLabel::kName;
  }

  YAML::Emitter& out_;
  const CustomerLabel label_;
};

void write_account(YAML::Emitter& out, const AccountSettings& account) {
  out << YAML::BeginMap;
  write(out, "name", account.name);
  write(out, "cloud", kClouds.at(static_cast<std::size_t>(account.cloud)));
  write(out, "tenant_id", std::string(account.tenant_id.text()));
  write(out, "client_id", account.client_id);
  write(out, "client_secret_file", account.credential.client_secret_file);
  write(out, "client_certificate_file", account.credential.client_certificate_file);
  write(out, "client_key_file", account.credential.client_key_file);
  write(out, "client_certificate_password_file",
        account.credential.client_certificate_password_file);
  write(out, "federated_token_file", account.credential.federated_token_file);
  write(out, "refresh_token_file", account.refresh_token_file.string());
  if (account.cloud == Cloud::kCustom) {
    out << YAML::Key << "endpoints" << YAML::Value << YAML::BeginMap;
    write(out, "api", account.endpoints.api);
    write(out, "login", account.endpoints.login);
    write(out, "resource", account.endpoints.resource);
    out << YAML::EndMap;
  }
  if (!account.network.proxy.empty()) write(out, "proxy", account.network.proxy);
  write(out, "proxy_credentials_file", account.network.proxy_credentials_file);
  write(out, "ca_file", account.network.ca_file);
  out << YAML::EndMap;
}

void write_insights(YAML::Emitter& out, const Settings& settings) {
  out << YAML::Key << "insights" << YAML::Value << YAML::BeginMap;
  write(out, "source", kSources.at(static_cast<std::size_t>(settings.source)));
  write(out, "collectors", settings.collectors);
  write(out, "interval", settings.interval);
  write(out, "stale_after", settings.stale_after);
  out << YAML::Key << "guard" << YAML::Value << YAML::BeginMap;
  write(out, "min_rows_percent", std::int64_t{settings.guard.min_rows_percent});
  write(out, "confirmations", std::int64_t{settings.guard.confirmations});
  write(out, "over", settings.guard.over);
  out << YAML::EndMap;
  write(out, "reexamine", settings.reexamine);
  write(out, "processed_date", settings.processed_date);
  out << YAML::EndMap;
}

void write_customers(YAML::Emitter& out, const Settings& settings, CustomersWriter& customers) {
  out << YAML::Key << "customers" << YAML::Value << YAML::BeginMap;
  customers.write("include", settings.customers_include);
  customers.write("exclude", settings.customers_exclude);
  write(out, "resellers", settings.resellers ? "true" : "false");
  out << YAML::EndMap;
}

void write_targets(YAML::Emitter& out, const TargetSettings& targets, CustomersWriter& customers) {
  out << YAML::Key << "targets" << YAML::Value << YAML::BeginMap;
  write(out, "deployment_percent", targets.deployment_percent);
  write(out, "usage_percent", targets.usage_percent);
  write(out, "spare_licenses", targets.spare_licenses);
  write(out, "sold_drop_percent", targets.sold_drop_percent);
  write(out, "owner", targets.owner);
  write(out, "ignored_products", targets.ignored_products);
  out << YAML::Key << "customers" << YAML::Value << YAML::BeginSeq;
  for (const CustomerTarget& target : targets.customers) {
    out << YAML::BeginMap;
    customers.write("match", target.match);
    write(out, "deployment_percent", target.deployment_percent);
    write(out, "usage_percent", target.usage_percent);
    write(out, "spare_licenses", target.spare_licenses);
    if (!target.owner.empty()) write(out, "owner", target.owner);
    out << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap;
}

}  // namespace

std::string settings_yaml(const Settings& settings) {
  YAML::Emitter out;
  CustomersWriter customers(out, settings.metrics.customer_label);
  out << YAML::BeginMap << YAML::Key << "accounts" << YAML::Value << YAML::BeginSeq;
  for (const AccountSettings& account : settings.accounts) write_account(out, account);
  out << YAML::EndSeq;
  write_insights(out, settings);
  write_customers(out, settings, customers);
  write_targets(out, settings.targets, customers);
  out << YAML::Key << "limits" << YAML::Value << YAML::BeginMap;
  write(out, "requests_per_minute", std::int64_t{settings.limits.requests_per_minute});
  write(out, "concurrency", std::int64_t{settings.limits.concurrency});
  write(out, "series", settings.limits.series);
  out << YAML::EndMap << YAML::Key << "metrics" << YAML::Value << YAML::BeginMap;
  write(out, "prefix", settings.metrics.prefix);
  write(out, "customer_label",
        kLabels.at(static_cast<std::size_t>(settings.metrics.customer_label)));
  write(out, "customer_key_file", settings.metrics.customer_key_file);
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace pce
