#pragma once
// The middle steps of `doctor`: a token, what it is allowed, whether it shows MFA, and the customer
// list, which is the first thing Partner Center is asked for.
#include <optional>
#include <string>

#include "exporter/commands/account.h"
#include "exporter/commands/doctor_report.h"
#include "exporter/identity/access_token_claims.h"
#include "exporter/partner_center/customer_list.h"

namespace pce {

struct TokenLook {
  Finding finding{};
  std::optional<AccessTokenClaims> claims{};  // nullopt: no token, or one that cannot be read
};
// Gets a token as the daemon does: a renewed refresh token is stored before anything else happens.
TokenLook look_at_token(Account& account, WallTime now);

// One reading of the customer list answers three questions.
struct AccessLook {
  Finding consent{}, mfa{}, list{};
  CustomerList customers{};
};
AccessLook look_at_access(Account& account, PartnerCenterClient& client,
                          const std::optional<AccessTokenClaims>& claims,
                          const std::string& correlation_id);

}  // namespace pce
