#include "exporter/identity/token_owner.h"

#include <string_view>

#include "exporter/json/json_scalar.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

std::string_view without_slash(std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  return address;
}

}  // namespace

std::optional<Error> complaint_about_owner(const TokenRecord& record, const TokenOwner& owner) {
  const auto other = [](const char* what, std::string_view found,
                        std::string_view wanted) -> std::optional<Error> {
    if (found.empty() || same_key(without_slash(found), without_slash(wanted))) return std::nullopt;
    return with_next_step(
        {.kind = ErrorKind::kSettings,
         .message = "belongs to the " + std::string(what) + " " + in_quotes(found) + ", wanted " +
                    in_quotes(wanted) + " as configured"},
        "name the file of that one, or sign in again: partner_center_exporter "
        "login");
  };
  if (auto why = other("sign-in service", record.authority, owner.authority)) return why;
  if (auto why = other("tenant", record.tenant_id, owner.tenant_id)) return why;
  if (auto why = other("application", record.client_id, owner.client_id)) return why;
  if (record.client_type == ClientType::kConfidential && !owner.has_proof) {
    return with_next_step({.kind = ErrorKind::kSettings,
                           .message = "belongs to a confidential client, which has to prove "
                                      "itself, but no proof is configured"},
                          "set client_secret_file, client_certificate_file or "
                          "federated_token_file, or sign in as a public client: "
                          "partner_center_exporter login");
  }
  return std::nullopt;
}

ClientType client_type_of(const TokenRecord& record, const TokenOwner& owner) {
  return record.client_type.value_or(owner.has_proof ? ClientType::kConfidential
                                                     : ClientType::kPublic);
}

}  // namespace pce
