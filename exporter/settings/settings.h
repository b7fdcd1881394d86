#pragma once
// The configuration file, read and judged: whoever holds a Settings needs no further checks.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/base/units.h"
#include "exporter/settings/customer_pattern.h"
#include "exporter/settings/customer_targets.h"
#include "exporter/settings/mistake.h"

namespace pce {

enum class Cloud { kGlobal, kUsGovernment, kChina, kCustom };
enum class InsightSource { kAuto, kCommercial, kClassic };
enum class CustomerLabel { kName, kId, kHash };

// Base addresses, without a trailing slash. Source: partner-center-api.md section 9.
struct Endpoints {
  std::string api;
  std::string login;
  std::string resource;  // what a token is asked for; nothing is ever sent there
};

// How an account's application proves that it is the one: by secret, certificate or federated
// token, never by two of them. None of them: a public client, which proves nothing.
struct CredentialSettings {
  std::optional<std::filesystem::path> client_secret_file{};
  std::optional<std::filesystem::path> client_certificate_file{};  // PEM or PKCS#12
  // Only beside a certificate: the key, where it is not in the certificate's file, and the password
  // of whichever is encrypted.
  std::optional<std::filesystem::path> client_key_file{};
  std::optional<std::filesystem::path> client_certificate_password_file{};
  std::optional<std::filesystem::path> federated_token_file{};  // a JWT somebody else keeps fresh
  std::optional<TextPlace> place{};  // where the configuration names the one there is
  friend bool operator==(const CredentialSettings&, const CredentialSettings&) = default;
};

// How this account's calls leave the machine.
struct NetworkSettings {
  // http://host:port or https://host:port; empty: what HTTPS_PROXY of the environment says.
  std::string proxy{};
  std::optional<std::filesystem::path> proxy_credentials_file{};  // USER:PASSWORD; only with proxy
  std::optional<std::filesystem::path> ca_file{};  // PEM; none: the authorities of the system
};

// One partner tenant. Paths are absolute or relative to where we run: see named_files.h.
struct AccountSettings {
  std::string name;  // value of the label `partner`
  Cloud cloud = Cloud::kGlobal;
  TenantId tenant_id;
  std::string client_id;  // GUID in lower case
  CredentialSettings credential{};
  std::filesystem::path refresh_token_file;
  Endpoints endpoints;
  NetworkSettings network{};
};

struct LimitSettings {
  int requests_per_minute = 200;  // per account
  int concurrency = 4;            // calls at once, per account
  std::int64_t series = 2'000'000;
};

// When an answer is not believed at once: it may be a hiccup of the service in place of the truth.
struct GuardSettings {
  // An answer with fewer rows than this share of the last one is doubtful, 0..100; 0: an empty one
  // only.
  int min_rows_percent = 50;
  // A doubtful answer is believed after so many like it, 1..100, …
  int confirmations = 3;
  // … over at least this time, at most stale_after. Where the file does not say it: 24 h, or
  // stale_after if that is shorter.
  std::chrono::milliseconds over = std::chrono::hours(24);
};

struct MetricSettings {
  std::string prefix{};  // empty, or ends in "_"
  CustomerLabel customer_label = CustomerLabel::kName;
  // At least 32 characters: what hashes are made with, and what kept answers are sealed with, under
  // any label. There with kHash.
  std::optional<std::filesystem::path> customer_key_file{};
};

struct Settings {
  std::vector<AccountSettings> accounts{};  // at least one; no two of one name
  InsightSource source = InsightSource::kAuto;
  std::vector<std::string> collectors{"customer_deployment", "customer_usage", "partner_deployment",
                                      "partner_usage"};
  std::chrono::milliseconds interval = std::chrono::hours(6);
  std::chrono::milliseconds stale_after = std::chrono::hours(48);  // at least interval
  GuardSettings guard{};
  // With source auto: how long after falling back the commercial source is tried again.
  std::chrono::milliseconds reexamine = std::chrono::hours(24);
  std::string processed_date{};  // with source commercial: YYYY-MM-DD, a real day; "": the newest
  // Ids or names, with * for any text; no entry twice in one list. Empty include: all.
  std::vector<CustomerPattern> customers_include{};
  std::vector<CustomerPattern> customers_exclude{};
  bool resellers = false;  // read which indirect reseller a customer belongs to
  TargetSettings targets{};
  LimitSettings limits{};
  MetricSettings metrics{};
};

// What may stand in insights.collectors, sorted.
std::span<const std::string_view> collector_names();

// Reads `text`; relative paths in it start at `folder` (named_files.h), and no file named in it is
// opened. The
// error names every mistake found (at most 20), one a line: "FILE:LINE:COLUMN: key.path: found …,
// wanted …".
Result<Settings> parse_settings(std::string_view text, const std::string& file,
                                const std::filesystem::path& folder);

// The same for a file of at most 1 MiB; in addition every secret file named in it must be readable
// as secret_file.h says, except that a refresh token file, which `login` makes, may be missing.
// Never waits: a FIFO or a device is refused.
Result<Settings> load_settings(const std::filesystem::path& file);

// Likewise, with every mistake by itself, in the order of the file.
struct SettingsReading {
  std::optional<Settings> settings{};  // where there are no mistakes
  std::vector<SettingMistake> mistakes{};
  std::string digest{};  // SHA-256 of what was read, 32 bytes; empty: nothing was
};
SettingsReading read_settings(const std::filesystem::path& file);

}  // namespace pce
