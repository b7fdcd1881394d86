#pragma once
// The certificate by which an application proves who it is, with its key. Source: "Microsoft
// identity platform application authentication certificate credentials"; RFC 7518 section 3.5.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

class ClientCertificate {
 public:
  struct Content {                // of the files
    Secret certificate;           // PKCS#12, or PEM: one certificate or several, text around them
    std::optional<Secret> key{};  // PEM; nullopt: it stands in `certificate`
    std::optional<Secret> password{};  // of the key, where it is encrypted
  };
  // Takes RSA keys of at least 2048 bits, and of several certificates the key's. Errors: kSettings,
  // what is wrong and what to do.
  static Result<ClientCertificate> load(const Content& content);
  ClientCertificate(ClientCertificate&&) noexcept;
  ClientCertificate& operator=(ClientCertificate&&) noexcept;
  ~ClientCertificate();

  WallTime not_before() const { return not_before_; }
  WallTime not_after() const { return not_after_; }
  const std::string& thumbprint() const {
    return thumbprint_;
  }  // SHA-256 of the DER form, 32 bytes

  // PS256: RSASSA-PSS with SHA-256, MGF1 of SHA-256, and a salt of 32 bytes. Errors: kInternal.
  Result<std::string> sign(std::string_view data) const;

 private:
  struct Key;
  ClientCertificate();
  std::unique_ptr<const Key> key_;
  WallTime not_before_;
  WallTime not_after_;
  std::string thumbprint_;
};

}  // namespace pce
