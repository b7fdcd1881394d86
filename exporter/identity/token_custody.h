#pragma once
// Keeps one account's refresh token: what the file says, what could not be written to it yet, and
// when it ends. Source: authentication.md sections 3.1, 3.2, 6.3.
#include <mutex>
#include <optional>
#include <stop_token>

#include "exporter/base/clock.h"
#include "exporter/identity/token_file.h"
#include "exporter/identity/token_owner.h"
#include "exporter/identity/token_source.h"

namespace pce {

// A redemption that worked.
struct Redemption {
  Secret used{};     // the record's refresh_token, or its previous one
  Secret renewed{};  // empty: none came back, the old one stays
  std::string scope{};
};

// What the file is to hold after it: the new token, and the used one as the one that is known to
// work. `record` is what newest() said before.
TokenRecord after_redemption(TokenRecord record, Redemption redemption, const TokenOwner& owner,
                             WallTime now);

// Any thread. The file is read anew each time, because a human's sign-in or another process may
// have replaced it: what stands there wins over what is in memory.
class TokenCustody {
 public:
  TokenCustody(Clock& clock, TokenFile file, TokenOwner owner);

  // At start, says in the log what there is and where that leads. A file that is missing is fine,
  // it may come. Errors: kSettings, for one that is there and cannot be used.
  Status begin();

  // From now on; what could not be written to the former file, and what was learnt of it, stays
  // behind.
  void file_is(TokenFile file);

  // Waits for others who renew the same token, but not for ever. Errors: kCancelled.
  Result<TokenLock> lock(std::stop_token stop);

  // Errors: those of TokenFile::read, and kSettings where the token is another account's. A file
  // that cannot be read is no error while something newer waits to be written to it.
  Result<TokenRecord> newest();

  // Stores what came of a redemption, unless the file was replaced meanwhile. Where that fails, it
  // is kept in memory, returned by newest() from there and said in the log, once. The error says
  // why.
  std::optional<Error> keep(TokenRecord record);

  // Writes what could not be written, as soon as that is possible; returns on `stop`.
  void store_when_possible(std::stop_token stop);

  CredentialEnds ends() const;  // waits for no disk

 private:
  TokenFile file();
  Result<TokenRecord> look();  // newest(), with the mutex held, as for the next two
  std::optional<Error> store();
  void publish_ends();
  WallTime end_of(const TokenRecord& record) const;

  Clock& clock_;
  const TokenOwner owner_;

  std::mutex mutex_;  // for what follows; held while the file is read or written
  TokenFile file_;
  std::optional<TokenRecord> in_file_;  // as last read or written
  std::optional<TokenRecord> pending_;  // newer than that, to be written
  bool said_ = false;                   // that something is pending

  mutable std::mutex ends_mutex_;
  CredentialEnds ends_;
};

}  // namespace pce
