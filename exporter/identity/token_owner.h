#pragma once
// Whose a refresh token has to be, and what that means for the proof of the application.
#include <optional>
#include <string>

#include "exporter/identity/token_record.h"

namespace pce {

// As configured.
struct TokenOwner {
  std::string authority{};  // https://login.microsoftonline.com
  std::string tenant_id{};
  std::string client_id{};
  bool has_proof = false;  // a secret, a certificate or a federated token is configured
};

// What speaks against redeeming this token as `owner`: another authority, tenant or application, or
// a confidential client's token without a proof. kSettings, with the next step. What the record
// does not say is not held against it.
std::optional<Error> complaint_about_owner(const TokenRecord& record, const TokenOwner& owner);

// What the record says, else what the configuration looks like.
ClientType client_type_of(const TokenRecord& record, const TokenOwner& owner);

}  // namespace pce
