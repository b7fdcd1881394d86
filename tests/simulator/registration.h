#pragma once
// The application as its owner registered it, by command line. Absent members are not checked.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulator/certificate.h"

namespace simulator {

struct Registration {
  std::optional<std::string> tenant, client_id, client_secret;
  bool public_client = false;  // every proof of the application is refused
  std::shared_ptr<const Certificate> certificate{};
  std::optional<std::string> federated_token{};
  std::vector<std::string> redirect_uris{};  // none: http://localhost with any port and path

  bool proves_itself() const { return client_secret || certificate || federated_token; }
};

}  // namespace simulator
