#pragma once
// Password hashes as `htpasswd -B` writes them. Source: crypt(5), "bcrypt".
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"

struct crypt_data;

namespace pce {

class BcryptHash {
 public:
  // More bytes of a password do not count: bcrypt cuts it there.
  static constexpr std::size_t kPasswordBytesMax = 72;
  // Each step doubles the work; the highest takes about a second of one core.
  static constexpr int kCostMin = 4;
  static constexpr int kCostMax = 14;

  // "$2y$10$" and 53 characters; $2a$ and $2b$ are the same to us. Errors: kSettings, "found …,
  // wanted …" without any of the hash.
  static Result<BcryptHash> parse(std::string_view text);

  int cost() const { return cost_; }
  const Secret& text() const { return text_; }

 private:
  BcryptHash(Secret text, int cost) : text_(std::move(text)), cost_(cost) {}
  Secret text_;
  int cost_;
};

// The memory that computing takes, 32 KiB: one for each thread. Overwritten after each use.
class BcryptDesk {
 public:
  BcryptDesk();
  ~BcryptDesk();
  BcryptDesk(const BcryptDesk&) = delete;
  BcryptDesk& operator=(const BcryptDesk&) = delete;

  // Takes as long for a wrong password as for the right one, some 45 ms at cost 10. False for what
  // bcrypt would cut: a password with a zero byte or of more than kPasswordBytesMax.
  bool matches(const BcryptHash& hash, const Secret& password);

 private:
  std::unique_ptr<crypt_data> memory_;
};

}  // namespace pce
