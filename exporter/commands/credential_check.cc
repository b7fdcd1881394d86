#include "exporter/commands/credential_check.h"

#include <string>

#include "exporter/identity/client_credential.h"

namespace pce {
namespace {

const char* key_of(ClientCredential::Kind kind) {
  switch (kind) {
    case ClientCredential::Kind::kNone:
      return "client_id";
    case ClientCredential::Kind::kSecret:
      return "client_secret_file";
    case ClientCredential::Kind::kCertificate:
      return "client_certificate_file";
    case ClientCredential::Kind::kFederatedToken:
      return "federated_token_file";
  }
  return "";
}

}  // namespace

CredentialFindings check_credentials(const Settings& settings, WallTime now) {
  CredentialFindings findings;
  for (std::size_t i = 0; i < settings.accounts.size(); ++i) {
    const AccountSettings& account = settings.accounts[i];
    ClientCredential credential(account.client_id, account.credential);
    const std::string path = "accounts[" + std::to_string(i) + "]." + key_of(credential.kind());
    const auto checked = credential.check(now);
    if (!checked) {
      findings.mistakes.push_back(
          {.place = account.credential.place, .path = path, .message = checked.error().message});
    } else if (*checked) {
      findings.doubts.push_back({.path = path, .message = **checked});
    }
  }
  return findings;
}

}  // namespace pce
