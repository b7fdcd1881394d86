#include "exporter/web/bcrypt.h"

#include <crypt.h>
#include <cstring>
#include <utility>

#include <gnutls/gnutls.h>

namespace pce {
namespace {

constexpr std::size_t kTextBytes = 60;
constexpr std::size_t kDigestBytes = 31;  // at the end; before it version, cost and salt
constexpr std::string_view kAlphabet =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kHowTo = "; htpasswd -nBC 10 NAME writes one";

Error refused(const std::string& found, const std::string& wanted) {
  return Error{.kind = ErrorKind::kSettings,
               .message = "found " + found + ", wanted " + wanted + std::string(kHowTo)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<BcryptHash> BcryptHash::parse(std::string_view text) {
  const std::string wanted = "a bcrypt hash";
  if (!text.starts_with("$2a$") && !text.starts_with("$2b$") && !text.starts_with("$2y$")) {
    return refused("text that does not begin with $2a$, $2b$ or $2y$", wanted);
  }
  if (text.size() != kTextBytes) {
    return refused("a bcrypt hash of " + std::to_string(text.size()) + " characters",
                   std::to_string(kTextBytes));
  }
  if (!is_digit(text[4]) || !is_digit(text[5]) || text[6] != '$') {
    return refused("a bcrypt hash without its cost", "two digits and $ behind the version");
  }
  if (text.find_first_not_of(kAlphabet, 7) != std::string_view::npos) {
    return refused("a bcrypt hash with characters that are none of its alphabet",
                   "it as it was written");
  }
  const int cost = (text[4] - '0') * 10 + (text[5] - '0');
  if (cost < kCostMin || cost > kCostMax) {
    return refused("a bcrypt hash of cost " + std::to_string(cost),
                   std::to_string(kCostMin) + " to " + std::to_string(kCostMax) +
                       ", because anybody may ask us to compute it and each step doubles the work");
  }
  return BcryptHash(Secret(std::string(text)), cost);
}

BcryptDesk::BcryptDesk() : memory_(std::make_unique<crypt_data>()) {}
BcryptDesk::~BcryptDesk() { explicit_bzero(memory_.get(), sizeof(crypt_data)); }

bool BcryptDesk::matches(const BcryptHash& hash, const Secret& password) {
  const std::string_view text = hash.text().reveal();
  const std::string_view typed = password.reveal();
  if (typed.size() > BcryptHash::kPasswordBytesMax || typed.find('\0') != std::string_view::npos) {
    return false;
  }
  // Both end in a zero byte, like every std::string's. The setting of a hash is the hash itself.
  const char* const made = crypt_r(typed.data(), text.data(), memory_.get());
  // The salt's last character has bits to spare, which come back as zero: only the digest counts.
  const bool same = made != nullptr && std::strlen(made) == kTextBytes &&
                    gnutls_memcmp(made + kTextBytes - kDigestBytes,
                                  text.data() + kTextBytes - kDigestBytes, kDigestBytes) == 0;
  explicit_bzero(memory_.get(), sizeof(crypt_data));
  return same;
}

}  // namespace pce
