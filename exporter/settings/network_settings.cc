#include "exporter/settings/network_settings.h"

#include <algorithm>
#include <string>

#include "exporter/settings/message_text.h"
#include "exporter/settings/network_name.h"
#include "exporter/settings/regular_file.h"
#include "exporter/settings/secret_file.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBundleBytesMax = 8UL * 1024 * 1024;
constexpr std::string_view kProxyForm = "an address such as http://proxy.example.com:3128";

Error refused(const std::string& found, const std::string& wanted) {
  return Error{.kind = ErrorKind::kSettings, .message = "found " + found + ", wanted " + wanted};
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string read_proxy(const SettingField& field, SettingComplaints& complaints) {
  const auto text = text_of(field, std::string(kProxyForm), complaints);
  if (!text) return {};
  auto address = parse_proxy_address(*text);
  if (address) return std::move(*address);
  complaints.add(field.place, field.path, address.error().message);
  return {};
}

// The file itself has been judged where it was named.
void check_credentials(const SettingField& field, const fs::path& file,
                       SettingComplaints& complaints) {
  const auto secret = read_secret_file(file);
  if (!secret) return;
  const std::string_view text = secret->reveal();
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && colon > 0 &&
      text.find_first_of("\r\n") == std::string_view::npos) {
    return;
  }
  complaints.add(field.place, field.path,
                 path_text(file) + ": wanted USER:PASSWORD on one line and nothing else");
}

std::optional<fs::path> read_bundle(const SettingField& field, const fs::path& folder,
                                    SecretFiles secret_files, SettingComplaints& complaints) {
  const std::string wanted = "the path of a PEM file with the certificates of authorities";
  const auto text = text_of(field, wanted, complaints);
  if (!text) return std::nullopt;
  if (text->find('\0') != std::string::npos) {
    complaints.add(field.place, field.path, "found a zero byte, wanted " + wanted);
    return std::nullopt;
  }
  fs::path path = (folder / *text).lexically_normal();
  if (secret_files == SecretFiles::kLeave) return path;
  const auto file = RegularFile::open(path);
  const auto pem = file ? file->read(kBundleBytesMax) : Result<std::string>(file.error());
  if (!pem) {
    complaints.add(field.place, field.path, pem.error().message);
  } else if (!holds_certificate(*pem)) {
    complaints.add(field.place, field.path,
                   path_text(path) +
                       ": holds no certificate in PEM form (-----BEGIN CERTIFICATE-----), wanted "
                       "one at least; openssl x509 -inform der makes PEM of a .cer file");
  }
  return path;
}

}  // namespace

Result<std::string> parse_proxy_address(std::string_view text) {
  const std::string form(kProxyForm);
  if (text.find('@') != std::string_view::npos) {
    return refused("an address with a user or password in it",
                   form + ", and USER:PASSWORD in the file that proxy_credentials_file names");
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t colon = text.find("://");
  const std::string scheme = lower(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (scheme != "http" && scheme != "https") return refused(in_quotes(text), form);
  const std::string_view authority = text.substr(colon + 3);
  const auto parsed = parse_authority(authority);
  if (!parsed || !parsed->port) return refused(in_quotes(text), form);
  return scheme + "://" + lower(authority);
}

bool holds_certificate(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  constexpr std::string_view kBase64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n";
  for (auto at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at)) {
    at += kBegin.size();
    const auto end = pem.find(kEnd, at);
    if (end == std::string_view::npos) return false;
    const std::string_view body = pem.substr(at, end - at);
    const auto first = body.find_first_not_of(" \t\r\n");
    // A sequence of DER longer than 127 bytes begins with 30 8x.
    if (first != std::string_view::npos && body.substr(first).starts_with("MI") &&
        body.find_first_not_of(kBase64) == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

NetworkSettings read_network_settings(const SettingSection& account, const fs::path& folder,
                                      const std::optional<fs::path>& credentials_file,
                                      SecretFiles secret_files, SettingComplaints& complaints) {
  NetworkSettings network{.proxy_credentials_file = credentials_file};
  const auto proxy = account.find("proxy");
  if (proxy) network.proxy = read_proxy(*proxy, complaints);
  if (const auto field = account.find("proxy_credentials_file")) {
    if (!proxy) {
      complaints.add(field->place, field->path,
                     "found a password without the proxy it is for, wanted proxy beside it");
    } else if (credentials_file && secret_files == SecretFiles::kCheck) {
      check_credentials(*field, *credentials_file, complaints);
    }
  }
  if (const auto bundle = account.find("ca_file"))
    network.ca_file = read_bundle(*bundle, folder, secret_files, complaints);
  return network;
}

}  // namespace pce
