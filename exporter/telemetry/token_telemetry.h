#pragma once
// What we measure about the sign-in of one partner account; every series carries partner="…". Any
// thread.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"

namespace prometheus {
class Registry;
}

namespace pce {

class TokenTelemetry {
 public:
  // `states`: what may stand in the label `state`.
  TokenTelemetry(prometheus::Registry& registry, const std::string& partner,
                 const std::vector<std::string>& states);
  ~TokenTelemetry();
  TokenTelemetry(const TokenTelemetry&) = delete;
  TokenTelemetry& operator=(const TokenTelemetry&) = delete;

  struct Facts {
    std::string_view state{};  // one of the states; any other: none of them is 1
    std::optional<WallTime> refresh_token_ends{};  // what is not known has no series
    std::optional<WallTime> client_certificate_ends{};
    std::optional<WallTime> access_token_ends{};
    std::optional<bool> mfa_compliant{};
    bool refresh_token_stored = true;
  };
  void show(const Facts& facts);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace pce
