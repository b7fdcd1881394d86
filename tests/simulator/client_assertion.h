#pragma once
// The JWT by which an application proves itself. Sources: authentication.md 2.6 and 2.7; RFC 7523.
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/certificate.h"

namespace simulator {

inline constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

struct AssertionProblem {
  int number;  // AADSTS
  std::string text;
};

// Checks the header (alg, thumbprint), the signature, and the claims aud, iss, sub, jti, nbf, exp.
// `audience_ending` is the path of the token endpoint; the host before it is not looked at, because
// the simulator may be reached under any name of loopback. `now` is real time, in which clients
// live. Does not know which ids were seen: the id is handed out in `jti`.
std::optional<AssertionProblem> judge_assertion(std::string_view assertion,
                                                const Certificate& certificate,
                                                std::string_view client,
                                                std::string_view audience_ending,
                                                std::chrono::sys_seconds now, std::string& jti);

// The ids of assertions that were accepted. Any thread.
class SeenAssertions {
 public:
  // False when it was seen before. Ids are forgotten an hour after they came.
  bool add(const std::string& jti, std::chrono::sys_seconds now);
  void reset();

 private:
  std::mutex mutex_;
  std::map<std::string, std::chrono::sys_seconds> seen_;
};

}  // namespace simulator
