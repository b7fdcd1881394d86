#pragma once
// Keeps bytes from whoever does not have the key, and shows whether they were changed.
// Source: AES-256-GCM, NIST SP 800-38D, with a random nonce in front.
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

class Seal {
 public:
  // A key of any length. `purpose` is no secret: of two seals with one key and two purposes none
  // opens what the other closed.
  Seal(const Secret& key, std::string_view purpose);

  // Different each time. Errors: kInternal, where the machine gives no random bytes.
  Result<std::string> close(std::string_view bytes) const;
  // nullopt: closed with another key or for another purpose, changed since, or never closed.
  std::optional<std::string> open(std::string_view sealed) const;
  friend bool operator==(const Seal&, const Seal&) = default;

 private:
  Secret key_;
};

// Whether some seal closed it.
bool is_sealed(std::string_view bytes);

}  // namespace pce
