#include "tests/simulator/route.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

struct Pattern {
  std::string_view path;  // * stands for the subject
  Operation operation;
};

constexpr std::array kPatterns{
    Pattern{"*/oauth2/authorize", Operation::kAuthorizeV1},
    Pattern{"*/oauth2/v2.0/authorize", Operation::kAuthorizeV2},
    Pattern{"*/oauth2/v2.0/devicecode", Operation::kDeviceCode},
    Pattern{"devicelogin", Operation::kDeviceLogin},
    Pattern{"*/oauth2/token", Operation::kTokenV1},
    Pattern{"*/oauth2/v2.0/token", Operation::kTokenV2},
    Pattern{"v1/customers", Operation::kCustomers},
    Pattern{"v1/customers/*", Operation::kCustomer},
    Pattern{"v1/customers/*/relationships", Operation::kCustomerRelationships},
    Pattern{"v1/customers/*/subscribedskus", Operation::kSubscribedSkus},
    Pattern{"v1/customers/*/subscriptions", Operation::kSubscriptions},
    Pattern{"v1/customers/*/analytics/licenses/deployment", Operation::kCustomerDeployment},
    Pattern{"v1/customers/*/analytics/licenses/usage", Operation::kCustomerUsage},
    Pattern{"v1/relationships", Operation::kRelationships},
    Pattern{"v1/analytics/licenses/deployment", Operation::kPartnerDeployment},
    Pattern{"v1/analytics/licenses/usage", Operation::kPartnerUsage},
    Pattern{"v1/analytics/commercial/deployment/license", Operation::kCommercialDeployment},
    Pattern{"v1/analytics/commercial/usage/license", Operation::kCommercialUsage},
    Pattern{"partner/v1/analytics/commercial/deployment/license", Operation::kCommercialDeployment},
    Pattern{"partner/v1/analytics/commercial/usage/license", Operation::kCommercialUsage},
};

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0) segments.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

}  // namespace

std::string_view name_of(Operation operation) {
  switch (operation) {
    case Operation::kAuthorizeV1:
      return "authorize_v1";
    case Operation::kAuthorizeV2:
      return "authorize_v2";
    case Operation::kDeviceCode:
      return "device_code";
    case Operation::kDeviceLogin:
      return "device_login";
    case Operation::kTokenV1:
      return "token_v1";
    case Operation::kTokenV2:
      return "token_v2";
    case Operation::kCustomers:
      return "customers";
    case Operation::kCustomer:
      return "customer";
    case Operation::kCustomerRelationships:
      return "customer_relationships";
    case Operation::kSubscribedSkus:
      return "subscribed_skus";
    case Operation::kSubscriptions:
      return "subscriptions";
    case Operation::kRelationships:
      return "relationships";
    case Operation::kPartnerDeployment:
      return "partner_deployment";
    case Operation::kPartnerUsage:
      return "partner_usage";
    case Operation::kCustomerDeployment:
      return "customer_deployment";
    case Operation::kCustomerUsage:
      return "customer_usage";
    case Operation::kCommercialDeployment:
      return "commercial_deployment";
    case Operation::kCommercialUsage:
      return "commercial_usage";
    case Operation::kUnknown:
      break;
  }
  return "unknown";
}

bool Route::is_user_only() const {
  switch (operation) {
    case Operation::kPartnerDeployment:
    case Operation::kPartnerUsage:
    case Operation::kCustomerDeployment:
    case Operation::kCustomerUsage:
    case Operation::kCommercialDeployment:
    case Operation::kCommercialUsage:
    case Operation::kSubscribedSkus:
      return true;
    default:
      return false;
  }
}

bool Route::is_commercial() const {
  return operation == Operation::kCommercialDeployment || operation == Operation::kCommercialUsage;
}

bool Route::is_page() const {
  return operation == Operation::kAuthorizeV1 || operation == Operation::kAuthorizeV2 ||
         operation == Operation::kDeviceLogin;
}

bool Route::is_identity() const {
  return is_page() || operation == Operation::kDeviceCode || operation == Operation::kTokenV1 ||
         operation == Operation::kTokenV2;
}

bool Route::names_customer() const { return !is_identity() && !subject.empty(); }

Route find_route(std::string_view path) {
  Route route;
  const auto segments = segments_of(path);
  route.trailing_slash = path.size() > 1 && path.ends_with('/');
  for (const Pattern& pattern : kPatterns) {
    const auto wanted = segments_of(pattern.path);
    if (wanted.size() != segments.size()) continue;
    const bool fits = std::ranges::equal(
        wanted, segments,
        [](std::string_view w, std::string_view s) { return w == "*" || same_text(w, s); });
    if (!fits) continue;
    route.operation = pattern.operation;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] == "*") route.subject = segments[i];
    }
    route.partner_prefix = wanted.front() == "partner";
    return route;
  }
  return route;
}

bool serves(const Route& route, const Settings& settings) {
  if (!route.is_commercial()) return true;
  const std::string_view prefix = route.partner_prefix ? "partner" : "plain";
  const std::string_view slash = route.trailing_slash ? "with" : "without";
  return (settings.commercial_prefix == "both" || settings.commercial_prefix == prefix) &&
         (settings.commercial_slash == "both" || settings.commercial_slash == slash);
}

}  // namespace simulator
