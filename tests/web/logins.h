#pragma once
// Users, and the headers browsers and Prometheus send for them.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "exporter/base/base64url.h"
#include "exporter/web/credentials.h"

namespace pce {

// Hashes of cost 4, which takes a millisecond: "wonderland" and "builder".
inline constexpr const char* kWonderland =
    "$2y$04$abcdefghijklmnopqrstuujZkTwHUiJ9XdZPwKfcfDo7dMp5DjlTu";
inline constexpr const char* kBuilder =
    "$2y$04$zyxwvutsrqponmlkjihgfujAoOfRTJT4M.UPpk1dszur7LuxC4xMm";

inline BcryptHash bcrypt_hash(std::string_view text) {
  auto hash = BcryptHash::parse(text);
  EXPECT_TRUE(hash) << hash.error().message;
  return std::move(*hash);
}

inline std::vector<WebUser> alice_and_bob() {
  return {{.name = "alice", .hash = bcrypt_hash(kWonderland)},
          {.name = "bob", .hash = bcrypt_hash(kBuilder)}};
}

inline std::string basic(const std::string& name, const std::string& password) {
  std::string text = base64url(name + ":" + password);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  while (text.size() % 4 != 0) text += '=';
  return "Basic " + text;
}

// A verdict that may come later, from another thread.
class Awaited {
 public:
  Credentials::Later later() {
    return [this](LoginVerdict verdict) {
      const std::scoped_lock lock(mutex_);
      verdict_ = verdict;
      came_.notify_all();
    };
  }
  LoginVerdict wait() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return verdict_.has_value(); });
    return *verdict_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::optional<LoginVerdict> verdict_;
};

inline LoginVerdict judge(Credentials& credentials, const std::string& authorization,
                          const std::string& client = "127.0.0.1") {
  Awaited awaited;
  const auto at_once = credentials.check(authorization, client, awaited.later());
  return at_once ? *at_once : awaited.wait();
}

}  // namespace pce
