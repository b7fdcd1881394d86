#pragma once
// What a person's sign-in gave an application: it travels in authorization codes, device codes and
// refresh tokens.
#include <optional>
#include <string>

#include "tests/simulator/dates.h"

namespace simulator {

enum class ClientKind { kUnknown, kPublic, kConfidential };
enum class Flow { kUnknown, kAuthorizationCode, kDeviceCode };

// Of a token that was not issued here nothing is known, and nothing is held against it.
struct Grant {
  std::string tenant{}, client{}, user{};  // user: a sign-in name
  ClientKind kind = ClientKind::kUnknown;
  Flow flow = Flow::kUnknown;
  std::optional<bool> mfa{};  // whether there was a second factor; absent: as the setting says
  bool consented = false;     // on the consent page
  std::optional<Instant> signed_in{};
};

inline constexpr std::string_view kNobody = "exporter@simulated.example";

}  // namespace simulator
