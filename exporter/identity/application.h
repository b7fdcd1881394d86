#pragma once
// The app registration somebody signs in to.
#include <string>

namespace pce {

struct Application {
  std::string login;  // https://login.microsoftonline.com, with or without a slash at its end
  std::string tenant_id;
  std::string client_id;
  std::string resource;  // https://api.partnercenter.microsoft.com
};

// What a sign-in asks for. Naming Partner Center's permission is what makes the policies about
// Partner Center apply, MFA above all; offline_access is what gives a refresh token.
inline std::string sign_in_scope(const Application& application) {
  return application.resource + "/user_impersonation openid profile offline_access";
}

}  // namespace pce
