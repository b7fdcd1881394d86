#include "tests/simulator/control_tokens.h"

#include <fmt/format.h>

#include "tests/simulator/control_answer.h"

namespace simulator {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string_view name_of(ClientKind kind) {
  switch (kind) {
    case ClientKind::kPublic:
      return "public";
    case ClientKind::kConfidential:
      return "confidential";
    case ClientKind::kUnknown:
      break;
  }
  return "unknown";
}
std::string_view name_of(Flow flow) {
  switch (flow) {
    case Flow::kAuthorizationCode:
      return "authorization_code";
    case Flow::kDeviceCode:
      return "device_code";
    case Flow::kUnknown:
      break;
  }
  return "unknown";
}

ordered_json describe(const RefreshToken& token, std::chrono::milliseconds lifetime) {
  ordered_json out;
  out["state"] = name_of(token.state);
  out["issued_here"] = token.issued_here;
  if (token.state == RefreshToken::State::kUnknown) return out;
  out["issued"] = spell(token.issued, DateSpelling::kZuluFraction);
  out["expires"] = spell(token.issued + lifetime, DateSpelling::kZuluFraction);
  out["tenant"] = token.grant.tenant;
  out["client_id"] = token.grant.client;
  out["user"] = token.grant.user;
  out["client_type"] = name_of(token.grant.kind);
  out["flow"] = name_of(token.grant.flow);
  out["mfa"] = nullptr;
  if (token.grant.mfa) out["mfa"] = *token.grant.mfa;
  out["consented"] = token.grant.consented;
  return out;
}

// The complaint, or nothing.
std::string read_member(const std::string& key, const json& value, Grant& grant,
                        std::chrono::milliseconds& age) {
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  if (key == "mfa" || key == "consented") {
    if (!value.is_boolean()) return fmt::format("issue.{}: wanted true or false", key);
    if (key == "mfa") {
      grant.mfa = value.get<bool>();
    } else {
      grant.consented = value.get<bool>();
    }
  } else if (key == "age") {
    const auto span = parse_duration(text);
    if (!span) return "issue.age: wanted a duration such as \"89d\", found " + value.dump();
    age = *span;
  } else if (key == "client_type") {
    if (text != "public" && text != "confidential")
      return "issue.client_type: wanted public or confidential, found " + value.dump();
    grant.kind = text == "public" ? ClientKind::kPublic : ClientKind::kConfidential;
  } else if (key == "flow") {
    if (text != "authorization_code" && text != "device_code")
      return "issue.flow: wanted authorization_code or device_code, found " + value.dump();
    grant.flow = text == "device_code" ? Flow::kDeviceCode : Flow::kAuthorizationCode;
  } else if (key == "tenant" || key == "client_id" || key == "user") {
    if (text.empty()) return fmt::format("issue.{}: wanted text, found {}", key, value.dump());
    (key == "tenant" ? grant.tenant : key == "user" ? grant.user : grant.client) = text;
  } else {
    return fmt::format("issue.{}: there is no such member", key);
  }
  return "";
}

Response issue(const json& object, World& world) {
  if (!object.is_object()) return complaint(400, "issue: wanted an object");
  Grant grant;
  std::chrono::milliseconds age{0};
  for (const auto& [key, value] : object.items()) {
    if (const auto problem = read_member(key, value, grant, age); !problem.empty())
      return complaint(400, problem);
  }
  const Instant issued = world.clock.now() - age;
  grant.signed_in = issued;
  return show({{"refresh_token", world.identity.refresh_tokens().issue(grant, issued)}});
}

}  // namespace

Response control_tokens(const json& object, World& world) {
  static constexpr std::string_view kWanted =
      "wanted one of {\"revoke\": \"access\"}, {\"revoke\": \"refresh\"}, {\"change_password\": "
      "true}, {\"inspect\": TOKEN} and {\"issue\": {…}}";
  if (!object.is_object() || object.size() != 1) return complaint(400, kWanted);
  const std::string key = object.begin().key();
  const json& value = object.begin().value();
  if (key == "issue") return issue(value, world);
  if (key == "inspect" && value.is_string()) {
    const auto lifetime = world.settings.get().refresh_token_lifetime;
    return show(describe(world.identity.refresh_tokens().inspect(value.get<std::string>(), lifetime,
                                                                 ClientKind::kUnknown),
                         lifetime));
  }
  if (key == "revoke" && value == "access") {
    world.identity.access_tokens().revoke();
  } else if (key == "revoke" && value == "refresh") {
    world.identity.refresh_tokens().revoke();
  } else if (key == "change_password" && value == true) {
    world.identity.refresh_tokens().change_password();
  } else {
    return complaint(400, kWanted);
  }
  return show({{"ok", true}});
}

}  // namespace simulator
