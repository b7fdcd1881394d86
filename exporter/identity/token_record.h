#pragma once
// What a token file says: the refresh token, whose it is, and where it came from. Source:
// authentication.md section 6.3.
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

// Decided by the sign-in, for good: a public client's refresh token is redeemed without any proof
// of the application, a confidential client's with one.
enum class ClientType { kPublic, kConfidential };
const char* name_of(ClientType type);  // "public", "confidential"

// The texts are as found, so they want foreign_line() or in_quotes() before they are shown.
struct TokenRecord {
  Secret refresh_token{};
  Secret previous{};        // worked before refresh_token was issued; empty: none
  std::string authority{};  // https://login.microsoftonline.com; empty: not said, as below
  std::string tenant_id{};
  std::string client_id{};
  std::optional<ClientType> client_type{};
  std::string scope{};                 // as granted, separated by spaces
  std::string flow{};                  // authorization_code | device_code
  std::string user{};                  // the name signed in with
  std::vector<std::string> methods{};  // amr of the sign-in
  std::optional<WallTime> signed_in_at{};
  std::optional<WallTime> rotated_at{};  // when refresh_token was issued

  friend bool operator==(const TokenRecord&, const TokenRecord&) = default;
};

// Reads what token_record_text() wrote (version 1), a flat JSON object with at least
// "refresh_token", or the token alone on one line. Members it does not know are not kept, and what
// is not said, or not understood, stays empty. Errors: kSettings, never with any of the content;
// also for a newer release's version, in which anything may stand.
Result<TokenRecord> parse_token_record(const Secret& content);
bool is_of_newer_release(const Secret& content);

// One JSON object, with a line for each member that is not empty.
Secret token_record_text(const TokenRecord& record);

}  // namespace pce
