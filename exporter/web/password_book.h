#pragma once
// Who may come in, and with which password. Neither the time an answer takes nor anything else
// tells whether a name is in it. Immutable; any thread.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/web/basic_authorization.h"
#include "exporter/web/bcrypt.h"

namespace pce {

struct WebUser {
  std::string name;
  BcryptHash hash;
  friend bool operator==(const WebUser& a, const WebUser& b) {
    return a.name == b.name && a.hash.text().reveal() == b.hash.text().reveal();
  }
};

class PasswordBook {
 public:
  // At least one user, no name twice.
  explicit PasswordBook(std::vector<WebUser> users);

  // Which hash a login is measured by. An unknown name gets a user's, always the same one, so that
  // it costs what that user costs; whatever comes out then is refused.
  struct Entry {
    const BcryptHash* hash;
    bool known;
  };
  Entry entry_of(std::string_view name) const;
  bool admits(const NamedPassword& login, BcryptDesk& desk) const;

  // 32 bytes that stand for this login and no other one: whose name, hash or password differs, or
  // who is unknown, has others. Nobody can compute them, nor anything back from them, without
  // `key`.
  std::string fingerprint(const NamedPassword& login, const Secret& key) const;

 private:
  std::vector<WebUser> users_;
  Secret key_;  // of the digests below; made of the hashes, so a restart changes no decoy
  std::map<std::string, std::size_t, std::less<>> by_digest_;  // of the name
};

}  // namespace pce
