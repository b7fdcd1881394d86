#pragma once
// An application's certificate, and SHA-256. The only file that knows GnuTLS.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/dates.h"

namespace simulator {

std::string sha256(std::string_view bytes);  // 32 bytes

class Certificate {
 public:
  // PEM with one certificate of an RSA key; nothing when it cannot be read, with `problem` set.
  static std::shared_ptr<const Certificate> read(std::string_view pem, std::string& problem);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  std::string sha256_thumbprint() const;  // of the DER form, 32 bytes
  std::string sha1_thumbprint() const;    // 20 bytes
  bool is_valid_at(Instant when) const;
  // `algorithm` is PS256 (salt of 32 bytes) or RS256, as JWTs spell them; others verify nothing.
  bool verifies(std::string_view algorithm, std::string_view data,
                std::string_view signature) const;

 private:
  struct Handles;
  explicit Certificate(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
};

}  // namespace simulator
