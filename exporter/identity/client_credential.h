#pragma once
// How the application proves to the token endpoint that it is the one it says: not at all (a public
// client), by secret, by certificate, or by the token of an issuer that Entra trusts. Source:
// "Microsoft identity platform application authentication certificate credentials"; RFC 6749
// section 2.3, RFC 7523.
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/secret.h"
#include "exporter/identity/client_certificate.h"
#include "exporter/identity/form.h"
#include "exporter/settings/settings.h"

namespace pce {

// Every proof() reads the files anew, so a new secret counts from the next request on. While they
// are gone, half written or do not fit each other, what they held last is used on, and the log says
// so once; a file that others may read is an error at once. One call of proof() or check() at a
// time; the others from any thread.
class ClientCredential {
 public:
  enum class Kind { kNone, kSecret, kCertificate, kFederatedToken };

  ClientCredential(std::string client_id, CredentialSettings files);

  Kind kind() const;
  bool is_confidential() const { return kind() != Kind::kNone; }
  // From the next proof on; what other files held is of no use then. Any thread.
  void files_are(CredentialSettings files);

  // The fields to send along with one request to `token_url`; none for a public client. Errors:
  // kSettings, beginning with a path; kInternal.
  Result<std::vector<FormField>> proof(const std::string& token_url, WallTime now);
  // The same errors without making a proof; otherwise what a human should know all the same, such
  // as that the certificate has expired (Entra will refuse it, but it is Entra's clock that
  // counts).
  Result<std::optional<std::string>> check(WallTime now);

  // Another text when one of the files was changed.
  std::string stamp() const;
  // Of the certificate read last; nullopt before that, and for the other kinds.
  std::optional<WallTime> certificate_end() const;
  // When that certificate was first read. Entra may take minutes to know a new one.
  std::optional<WallTime> certificate_since() const;

 private:
  CredentialSettings newest_files() const;
  void look_for_other_files();
  Status read(WallTime now);
  Status read_text(const std::filesystem::path& file);
  Status read_certificate(WallTime now);
  std::optional<std::string> notice(WallTime now) const;

  const std::string client_id_;
  CredentialSettings settings_;                   // of the proof made last
  Secret text_;                                   // secret or federated token
  std::optional<ClientCertificate> certificate_;  // read last
  std::string trouble_;                           // with the files, as said in the log; empty: none
  std::string noticed_;                           // likewise, with the certificate itself

  mutable std::mutex mutex_;
  CredentialSettings newest_;
  std::optional<WallTime> certificate_end_;
  std::optional<WallTime> certificate_since_;
};

}  // namespace pce
