#pragma once
// Which operation a path names. Repeated and trailing slashes are tolerated everywhere.
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/settings.h"

namespace simulator {

enum class Operation {
  kAuthorizeV1,
  kAuthorizeV2,
  kDeviceCode,
  kDeviceLogin,
  kTokenV1,
  kTokenV2,
  kCustomers,
  kCustomer,
  kCustomerRelationships,
  kSubscribedSkus,
  kSubscriptions,
  kRelationships,
  kPartnerDeployment,
  kPartnerUsage,
  kCustomerDeployment,
  kCustomerUsage,
  kCommercialDeployment,
  kCommercialUsage,
  kUnknown,
};
std::string_view name_of(Operation operation);

struct Route {
  Operation operation = Operation::kUnknown;
  std::string
      subject;  // tenant of the identity platform's paths, customer id of customer paths; as sent
  bool partner_prefix = false;  // of commercial paths
  bool trailing_slash = false;

  // Of the identity platform rather than the API.
  bool is_identity() const;
  bool is_page() const;  // for people
  // Needs App+User.
  bool is_user_only() const;
  bool names_customer() const;
  bool is_commercial() const;  // B1 and B2
};

Route find_route(std::string_view path);
// Whether the settings let a commercial path of this spelling be served.
bool serves(const Route& route, const Settings& settings);

}  // namespace simulator
