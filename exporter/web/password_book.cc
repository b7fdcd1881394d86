#include "exporter/web/password_book.h"

#include <cstdint>
#include <initializer_list>
#include <utility>

#include "exporter/base/sha256.h"

namespace pce {
namespace {

constexpr std::string_view kDigestKey = "names of partner_center_exporter";

// Each field is hashed by itself first: two lists of fields have the same hash only when they are
// the same, wherever one field ends and the next begins.
std::string keyed_hash(const Secret& key, std::initializer_list<std::string_view> fields) {
  std::string hashes;
  for (const std::string_view field : fields) hashes += hmac_sha256(key, field);
  return hmac_sha256(key, hashes);
}

}  // namespace

PasswordBook::PasswordBook(std::vector<WebUser> users) : users_(std::move(users)) {
  Secret key{std::string(kDigestKey)};
  for (const WebUser& user : users_) {
    key = Secret(keyed_hash(key, {user.name, user.hash.text().reveal()}));
  }
  key_ = std::move(key);
  for (std::size_t i = 0; i < users_.size(); ++i) {
    by_digest_.emplace(keyed_hash(key_, {users_[i].name}), i);
  }
}

PasswordBook::Entry PasswordBook::entry_of(std::string_view name) const {
  // Looked up by a digest that nobody outside can compute, so how far two of them agree, which the
  // time of the search may show, says nothing about the names.
  const std::string digest = keyed_hash(key_, {name});
  const auto found = by_digest_.find(digest);
  std::uint64_t lot = 0;
  for (const char byte : std::string_view(digest).substr(0, sizeof lot)) {
    lot = lot << 8 | static_cast<unsigned char>(byte);
  }
  const bool known = found != by_digest_.end();
  const std::size_t index = known ? found->second : lot % users_.size();
  return {.hash = &users_[index].hash, .known = known};
}

bool PasswordBook::admits(const NamedPassword& login, BcryptDesk& desk) const {
  const Entry entry = entry_of(login.name);
  const bool right = desk.matches(*entry.hash, login.password);
  return right && entry.known;
}

std::string PasswordBook::fingerprint(const NamedPassword& login, const Secret& key) const {
  const Entry entry = entry_of(login.name);
  return keyed_hash(key, {login.name, entry.hash->text().reveal(), login.password.reveal(),
                          entry.known ? "known" : "unknown"});
}

}  // namespace pce
