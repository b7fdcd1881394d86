#include "exporter/settings/credential_settings.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pce {
namespace {

constexpr const char* kSecret = "client_secret_file";
constexpr const char* kCertificate = "client_certificate_file";
constexpr const char* kKey = "client_key_file";
constexpr const char* kPassword = "client_certificate_password_file";
constexpr const char* kFederated = "federated_token_file";

// Where the first one is.
std::optional<TextPlace> refuse_two_proofs(const SettingSection& account,
                                           SettingComplaints& complaints) {
  std::vector<std::pair<SettingField, std::string>> found;
  for (const char* key : {kSecret, kCertificate, kFederated}) {
    if (auto field = account.find(key)) found.emplace_back(std::move(*field), key);
  }
  std::ranges::sort(found, {}, [](const auto& one) {
    return std::pair(one.first.place.line, one.first.place.column);
  });
  for (std::size_t i = 1; i < found.size(); ++i) {
    const auto& [first, first_key] = found.front();
    complaints.add(found[i].first.place, found[i].first.path,
                   "found beside " + first_key + " in line " + std::to_string(first.place.line) +
                       ", wanted one of the two: an application proves itself in one way");
  }
  return found.empty() ? std::nullopt : std::optional(found.front().first.place);
}

void refuse_without_certificate(const SettingSection& account, SettingComplaints& complaints) {
  if (account.find(kCertificate)) return;
  std::string message = "found without ";
  message.append(kCertificate).append(", wanted the two together");
  for (const char* key : {kKey, kPassword}) {
    if (const auto field = account.find(key)) {
      complaints.add(field->place, field->path, message);
    }
  }
}

}  // namespace

CredentialSettings read_credential(const SettingSection& account, NamedFiles& files,
                                   SettingComplaints& complaints) {
  CredentialSettings out{.place = refuse_two_proofs(account, complaints)};
  refuse_without_certificate(account, complaints);
  const std::string or_public = ", or leave the key out for a public client";
  out.client_secret_file = files.find(
      account.find(kSecret),
      {.what = "the path of a file with the client secret",
       .when_missing = "write the app registration's client secret into it" + or_public});
  out.client_certificate_file = files.find(
      account.find(kCertificate),
      {.what = "the path of a file with the client certificate",
       .when_missing = "put the certificate there whose public half the app registration has, as "
                       "PEM or PKCS#12" +
                       or_public,
       .content = NamedFiles::Content::kBytes});
  out.client_key_file =
      files.find(account.find(kKey), {.what = "the path of a file with the certificate's key",
                                      .when_missing = "put the certificate's private key there, as "
                                                      "PEM, or leave the key out where the "
                                                      "certificate's file holds it"});
  out.client_certificate_password_file = files.find(
      account.find(kPassword),
      {.what = "the path of a file with the certificate's password",
       .when_missing = "write the password into it that opens the certificate's file, or "
                       "leave the key out where it needs none"});
  out.federated_token_file =
      files.find(account.find(kFederated),
                 {.what = "the path of a file with a federated token",
                  .when_missing = "name the file that the platform keeps the token in, such as "
                                  "AZURE_FEDERATED_TOKEN_FILE says" +
                                  or_public});
  return out;
}

}  // namespace pce
