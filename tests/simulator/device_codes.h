#pragma once
// Pairs of a device code, by which an application polls, and a user code, which a person types.
// Sources: authentication.md 5; RFC 8628. Any thread.
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "tests/simulator/grant.h"

namespace simulator {

class DeviceCodes {
 public:
  struct Pair {
    std::string device_code, user_code;
  };
  // `scope` as sent. The lifetime and the interval are fixed when the code is issued.
  Pair issue(const std::string& client, const std::string& tenant, const std::string& scope,
             std::chrono::milliseconds lifetime, std::chrono::milliseconds interval, Instant now);

  // For the page: who asks under this user code; a number (AADSTS) when nobody may go on with it.
  struct Asking {
    int refused = 0;
    std::string client, tenant;
  };
  Asking find(const std::string& user_code, Instant now) const;
  void decline(const std::string& user_code);
  void approve(const std::string& user_code, const Grant& grant);

  struct Poll {
    std::string error;  // empty: granted, and the code is used up
    int number = 0;     // AADSTS of the error
    Grant grant;
    std::string scope;
  };
  Poll poll(const std::string& device_code, const std::string& client, const std::string& tenant,
            Instant now);
  void reset();

 private:
  enum class State { kPending, kDeclined, kApproved, kUsed };
  struct Code {
    std::string user_code, client, tenant, scope;
    Instant issued, expires;
    std::chrono::milliseconds interval{};
    Instant last_poll;
    State state = State::kPending;
    Grant grant;
  };
  Code* by_user_code(const std::string& user_code);
  const Code* by_user_code(const std::string& user_code) const;

  mutable std::mutex mutex_;
  std::map<std::string, Code> codes_;  // by device code
  std::uint64_t issued_ = 0;
};

}  // namespace simulator
