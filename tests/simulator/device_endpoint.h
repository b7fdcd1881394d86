#pragma once
// POST /{tenant}/oauth2/v2.0/devicecode, and /devicelogin, where a person types the user code.
// Source: authentication.md 5.
#include <string>

#include "tests/simulator/client_authentication.h"
#include "tests/simulator/clock.h"
#include "tests/simulator/device_codes.h"

namespace simulator {

class DeviceEndpoint {
 public:
  DeviceEndpoint(const Registration& registration, const ClientAuthentication& clients,
                 DeviceCodes& codes, const Clock& clock)
      : registration_(registration), clients_(clients), codes_(codes), clock_(clock) {}

  Response issue(const Request& request, const std::string& tenant, const Settings& settings);
  Response page(const Request& request, const Settings& settings);

 private:
  const Registration& registration_;
  const ClientAuthentication& clients_;
  DeviceCodes& codes_;
  const Clock& clock_;
};

}  // namespace simulator
