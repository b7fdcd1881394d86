#include "tests/simulator/sign_in_policy.h"

#include <array>
#include <string_view>

namespace simulator {
namespace {

struct AccountState {
  std::string_view name;
  int number;
};
constexpr std::array kAccountStates{AccountState{"disabled", 50057},
                                    AccountState{"locked", 50053},
                                    AccountState{"password_expired", 50055},
                                    AccountState{"not_found", 50034},
                                    AccountState{"guest", 50020},
                                    AccountState{"unassigned", 50105}};

int blocks_account(const Settings& settings) {
  for (const AccountState& state : kAccountStates) {
    if (state.name == settings.account) return state.number;
  }
  return 0;
}

bool blocks_flow(const Settings& settings, Flow flow) {
  return settings.conditional_access == "block" ||
         (settings.conditional_access == "block_device_code" && flow == Flow::kDeviceCode);
}

}  // namespace

bool asks_for_second_factor(const Settings& settings) {
  return settings.mfa || settings.conditional_access == "require_mfa";
}

int blocks_sign_in(const Settings& settings, Flow flow) {
  if (const int number = blocks_account(settings); number != 0) return number;
  if (blocks_flow(settings, flow)) return 53003;
  return settings.consent == "admin" ? 90094 : 0;
}

bool asks_for_consent(const Settings& settings) { return settings.consent == "required"; }

int blocks_redemption(const Settings& settings, const Grant& grant, Instant now) {
  // An expired password leaves tokens alive; only signing in needs the new one.
  const int account = blocks_account(settings);
  if (account != 0 && account != 50055) return account;
  // Tokens of a device code stay marked as such through all refreshes.
  if (blocks_flow(settings, grant.flow)) return 53003;
  if (settings.conditional_access == "require_mfa" && !grant.mfa.value_or(settings.mfa))
    return 50076;
  if (settings.consent == "admin") return 90094;
  if (settings.consent == "required" && !grant.consented) return 65001;
  if (settings.sign_in_frequency && grant.signed_in &&
      now - *grant.signed_in >= *settings.sign_in_frequency) {
    return 70043;
  }
  return 0;
}

}  // namespace simulator
