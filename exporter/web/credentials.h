#pragma once
// Judges the Authorization header of requests: at once what was judged before, the rest on threads
// of its own, of which it keeps so few that wrong passwords cannot starve whoever has the right
// one.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/secret.h"
#include "exporter/web/password_book.h"
#include "exporter/web/token_bucket.h"

namespace pce {

enum class LoginVerdict {
  kAccepted,
  kRefused,  // no login at all, one that cannot be read, an unknown name, a wrong password: 401
  kTooLong,  // a password that bcrypt would cut after 72 bytes: 401, and worth a word
  kBusy,     // not judged, because too many others wait for it: 503, or 429
};

struct LoginLimits {
  unsigned hashes_at_once = 1;       // each keeps a core busy
  std::size_t hashes_waiting = 16;   // the next one gets kBusy
  std::size_t refusals_kept = 1000;  // remembered, so that a client which repeats a wrong password
                                     // costs nothing
  Rate hashes_per_client{.interval = std::chrono::seconds(1), .burst = 10};
};

// Any thread.
class Credentials {
 public:
  using Later = std::function<void(LoginVerdict)>;  // must not throw

  // At least one user, no name twice. Borrows `clock`.
  Credentials(std::vector<WebUser> users, const Clock& clock, LoginLimits limits = {});
  ~Credentials();  // closes
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  // `authorization`: the header's value, empty where there is none. `client`: the address that is
  // not to get more than its share. The verdict, or nullopt: then `later` is called with it once,
  // on another thread, possibly before this returns.
  std::optional<LoginVerdict> check(std::string_view authorization, std::string_view client,
                                    Later later);

  // Whoever still waits, and who comes from now on, hears kBusy. Returns when all have heard.
  void close();

  // How many hashes were computed so far.
  std::size_t hashes() const;

 private:
  struct Waiting {
    NamedPassword login;
    std::vector<Later> later;  // several requests with one login wait for one hash
  };
  void work(const std::stop_token& stop);
  void keep_refusal(const std::string& fingerprint);

  const PasswordBook book_;
  const Clock& clock_;
  const LoginLimits limits_;
  const Secret key_;  // of the fingerprints; new in each process

  mutable std::mutex mutex_;  // never held while a hash is computed
  std::condition_variable_any something_waits_;
  // What was judged is kept as fingerprints, from which nobody reads a password. Accepted ones are
  // as many as users at most, so nothing ever pushes one out.
  std::unordered_set<std::string> accepted_;
  std::unordered_set<std::string> refused_;
  std::deque<std::string> refused_in_order_;
  std::map<std::string, Waiting> waiting_;  // by fingerprint; those being computed, too
  std::deque<std::string> queue_;           // those not yet being computed
  ClientBuckets clients_;
  std::size_t hashes_ = 0;
  bool closed_ = false;

  std::vector<std::jthread> threads_;
};

}  // namespace pce
