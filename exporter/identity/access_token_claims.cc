#include "exporter/identity/access_token_claims.h"

#include <algorithm>

#include "exporter/base/base64url.h"
#include "exporter/base/foreign_text.h"
#include "exporter/json/json_document.h"

namespace pce {

bool AccessTokenClaims::mfa() const { return std::ranges::find(methods, "mfa") != methods.end(); }

bool AccessTokenClaims::has_scope(std::string_view scope) const {
  const std::string padded = " " + scopes + " ";
  return !scope.empty() && padded.find(" " + std::string(scope) + " ") != std::string::npos;
}

std::optional<AccessTokenClaims> access_token_claims(const Secret& access_token) {
  const std::string_view token = access_token.reveal();
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto payload = from_base64url(token.substr(first + 1, second - first - 1));
  if (!payload) return std::nullopt;
  const auto document = parse_json(*payload);
  if (!document || document->root().kind() != JsonKind::kObject) return std::nullopt;

  AccessTokenClaims claims;
  const auto text = [&](std::string_view key) { return foreign_line(document->text_of(key)); };
  claims.audience = text("aud");
  claims.tenant_id = text("tid");
  claims.user = text("upn");
  if (claims.user.empty()) claims.user = text("unique_name");
  claims.application = text("appid");
  claims.application_authentication = text("appidacr");
  claims.scopes = text("scp");
  if (const JsonValue* methods = document->find("amr")) {
    for (const JsonValue& method : methods->items())
      claims.methods.push_back(foreign_line(method.text()));
  }
  if (const JsonValue* issued = document->find("iat")) claims.issued = issued->integer();
  if (const JsonValue* expires = document->find("exp")) claims.expires = expires->integer();
  return claims;
}

}  // namespace pce
