#include "exporter/settings/account_settings.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "exporter/settings/credential_settings.h"
#include "exporter/settings/endpoint.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/named_files.h"
#include "exporter/settings/network_settings.h"

namespace pce {
namespace {

constexpr std::size_t kNameBytesMax = 128;

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 14> kAccountKeys{"name",
                                                        "cloud",
                                                        "tenant_id",
                                                        "client_id",
                                                        "client_secret_file",
                                                        "client_certificate_file",
                                                        "client_key_file",
                                                        "client_certificate_password_file",
                                                        "federated_token_file",
                                                        "refresh_token_file",
                                                        "endpoints",
                                                        "proxy",
                                                        "proxy_credentials_file",
                                                        "ca_file"};
constexpr std::array<std::string_view, 3> kEndpointKeys{"api", "login", "resource"};
// In the order of enum Cloud.
constexpr std::array<std::string_view, 4> kClouds{"global", "us_government", "china", "custom"};

constexpr const char* kGlobalApi = "https://api.partnercenter.microsoft.com";
constexpr const char* kChinaApi = "https://partner.partnercenterapi.microsoftonline.cn";

Endpoints endpoints_of(Cloud cloud) {
  switch (cloud) {
    case Cloud::kGlobal:
      return {kGlobalApi, "https://login.microsoftonline.com", kGlobalApi};
    case Cloud::kUsGovernment:
      return {kGlobalApi, "https://login.microsoftonline.us", kGlobalApi};
    case Cloud::kChina:
      return {kChinaApi, "https://login.partner.microsoftonline.cn", kChinaApi};
    case Cloud::kCustom:
      return {"", "", kGlobalApi};
  }
  return {};
}

// Reads the accounts one after the other and remembers what must not be there twice.
class AccountReader {
 public:
  AccountReader(const fs::path& folder, SecretFiles secret_files, SettingComplaints& complaints)
      : folder_(folder),
        secret_files_(secret_files),
        files_(folder, secret_files, complaints),
        complaints_(complaints) {}

  std::optional<AccountSettings> read(const SettingField& field);
  void refuse_shared_token_files() const { files_.refuse_shared_token_files(); }

 private:
  std::optional<std::string> name(const SettingSection& section);
  std::optional<TenantId> guid(const SettingSection& section, std::string_view key,
                               const std::string& whose);
  std::optional<Endpoints> endpoints(const SettingSection& section, std::optional<Cloud> cloud);

  const fs::path& folder_;
  SecretFiles secret_files_;
  NamedFiles files_;
  SettingComplaints& complaints_;
  std::map<std::string, TextPlace> names_;
};

std::optional<AccountSettings> AccountReader::read(const SettingField& field) {
  const SettingSection section(field, kAccountKeys, complaints_);
  if (!section.is_map()) return std::nullopt;

  const auto account_name = name(section);
  std::optional<Cloud> cloud = Cloud::kGlobal;
  if (const auto found = section.find("cloud")) {
    const auto index = choice_of(*found, kClouds, complaints_);
    cloud = index ? std::optional(static_cast<Cloud>(*index)) : std::nullopt;
  }
  const auto tenant_id = guid(section, "tenant_id", "the partner tenant's id");
  const auto client_id =
      guid(section, "client_id", "the app registration's application (client) id");
  CredentialSettings credential = read_credential(section, files_, complaints_);
  const std::string token_wanted = "the path of the file with the refresh token";
  const auto refresh_token_file = files_.find(section.require("refresh_token_file", token_wanted),
                                              {.what = token_wanted, .rewritten = true});
  const auto endpoint_addresses = endpoints(section, cloud);
  const auto proxy_credentials_file =
      files_.find(section.find("proxy_credentials_file"),
                  {.what = kProxyCredentialsWanted,
                   .when_missing = "write USER:PASSWORD for the proxy into it, on one line"});
  NetworkSettings network =
      read_network_settings(section, folder_, proxy_credentials_file, secret_files_, complaints_);

  if (!account_name || !cloud || !tenant_id || !client_id || !refresh_token_file ||
      !endpoint_addresses) {
    return std::nullopt;
  }
  return AccountSettings{.name = *account_name,
                         .cloud = *cloud,
                         .tenant_id = *tenant_id,
                         .client_id = std::string(client_id->text()),
                         .credential = std::move(credential),
                         .refresh_token_file = *refresh_token_file,
                         .endpoints = *endpoint_addresses,
                         .network = std::move(network)};
}

std::optional<std::string> AccountReader::name(const SettingSection& section) {
  const std::string wanted = "a short name for the label \"partner\", such as contoso";
  const auto field = section.require("name", wanted);
  if (!field) return std::nullopt;
  auto text = text_of(*field, wanted, complaints_);
  if (!text) return std::nullopt;
  const bool control = std::ranges::any_of(
      *text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (control || text->size() > kNameBytesMax || text->front() == ' ' || text->back() == ' ') {
    complaints_.add(field->place, field->path,
                    "found " + in_quotes(*text) + ", wanted at most " +
                        std::to_string(kNameBytesMax) +
                        " bytes on one line, without spaces around them");
    return std::nullopt;
  }
  const auto [earlier, is_new] = names_.emplace(*text, field->place);
  if (!is_new) {
    complaints_.add(field->place, field->path,
                    "found " + in_quotes(*text) +
                        ", wanted another name than the account in line " +
                        std::to_string(earlier->second.line) + " has");
    return std::nullopt;
  }
  return text;
}

std::optional<TenantId> AccountReader::guid(const SettingSection& section, std::string_view key,
                                            const std::string& whose) {
  const std::string wanted = whose + ", a GUID such as 11111111-2222-3333-4444-555555555555";
  const auto field = section.require(key, wanted);
  if (!field) return std::nullopt;
  const auto text = text_of(*field, wanted, complaints_);
  if (!text) return std::nullopt;
  auto id = TenantId::parse(*text);
  if (!id) {
    complaints_.add(field->place, field->path, "found " + in_quotes(*text) + ", wanted " + wanted);
  }
  return id;
}

std::optional<Endpoints> AccountReader::endpoints(const SettingSection& section,
                                                  std::optional<Cloud> cloud) {
  const auto field = section.find("endpoints");
  if (!cloud) return std::nullopt;
  if (!field) {
    if (*cloud != Cloud::kCustom) return endpoints_of(*cloud);
    static_cast<void>(
        section.require("endpoints", "the addresses api and login, because cloud is custom"));
    return std::nullopt;
  }
  if (*cloud != Cloud::kCustom) {
    complaints_.add(field->place, field->path,
                    "found endpoints for cloud " +
                        std::string(kClouds[static_cast<std::size_t>(*cloud)]) +
                        ", which has its own, wanted cloud: custom beside them");
    return std::nullopt;
  }
  const SettingSection addresses(*field, kEndpointKeys, complaints_);
  Endpoints out = endpoints_of(*cloud);
  bool complete = addresses.is_map();
  const auto read = [&](std::string_view key, std::string& address, bool required) {
    const std::string wanted = "an address such as " + std::string(kGlobalApi);
    const auto found = required ? addresses.require(key, wanted) : addresses.find(key);
    if (!found) {
      complete = complete && !required;
      return;
    }
    const auto text = text_of(*found, wanted, complaints_);
    auto parsed = text ? parse_endpoint(*text) : Result<std::string>(Error{});
    if (text && !parsed) complaints_.add(found->place, found->path, parsed.error().message);
    if (parsed) address = *parsed;
    complete = complete && parsed;
  };
  read("api", out.api, true);
  read("login", out.login, true);
  read("resource", out.resource, false);
  if (!complete) return std::nullopt;
  return out;
}

}  // namespace

std::vector<AccountSettings> read_accounts(const SettingField& accounts, const fs::path& folder,
                                           SecretFiles secret_files,
                                           SettingComplaints& complaints) {
  std::vector<AccountSettings> out;
  const std::string wanted = "a list with one entry for each partner tenant (- name: …)";
  const auto items = list_of(accounts, wanted, complaints);
  if (!items) return out;
  if (items->empty())
    complaints.add(accounts.place, accounts.path, "found an empty list, wanted " + wanted);
  AccountReader reader(folder, secret_files, complaints);
  for (const SettingField& item : *items) {
    if (auto account = reader.read(item)) out.push_back(std::move(*account));
  }
  reader.refuse_shared_token_files();
  return out;
}

}  // namespace pce
