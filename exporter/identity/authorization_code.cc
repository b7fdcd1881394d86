#include "exporter/identity/authorization_code.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exporter/identity/entra_error.h"
#include "exporter/json/json_writer.h"

namespace pce {
namespace {

constexpr std::size_t kBytesMax = 32U * 1024;
constexpr std::string_view kAround = " \t\r\n\"'<>";
// What is looked at; anything else in the query does not matter.
constexpr std::array<std::string_view, 5> kKnown{"code", "state", "error", "error_description",
                                                 "client_id"};

Error not_ours(std::string message) {
  return {.kind = ErrorKind::kRejected, .message = std::move(message)};
}

std::string authorize_address(const Application& application, const std::string& redirect_uri,
                              const std::string& state, const std::string& challenge) {
  std::string address = application.login;
  while (address.ends_with('/')) address.pop_back();
  address += "/" + application.tenant_id + "/oauth2/v2.0/authorize";
  char separator = '?';
  const std::vector<std::pair<std::string_view, std::string>> members{
      {"client_id", application.client_id},
      {"response_type", "code"},
      {"response_mode", "query"},
      {"redirect_uri", redirect_uri},
      {"scope", sign_in_scope(application)},
      {"state", state},
      // For the id_token, which comes with the scope openid and is not looked at.
      {"nonce", random_word()},
      {"code_challenge", challenge},
      {"code_challenge_method", "S256"},
      {"prompt", "select_account"},  // the browser's own user is rarely the integration user
  };
  for (const auto& [name, value] : members) {
    address.append(1, separator).append(name).append("=").append(percent_encoded(value));
    separator = '&';
  }
  return address;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

std::string_view query_of(std::string_view address) {
  address = address.substr(0, address.find('#'));
  const auto mark = address.find('?');
  if (mark != std::string_view::npos) return address.substr(mark + 1);
  return address.find("://") == std::string_view::npos ? address : std::string_view();
}

using Members = std::array<std::string, kKnown.size()>;

// The known members, decoded; nullopt where one of them stands twice.
std::optional<Members> members_of(std::string_view query) {
  Members members;
  std::array<bool, kKnown.size()> seen{};
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    const auto known = std::ranges::find(kKnown, percent_decoded(pair.substr(0, equals)));
    if (known == kKnown.end()) continue;
    const auto index = static_cast<std::size_t>(known - kKnown.begin());
    if (std::exchange(seen[index], true)) return std::nullopt;
    members[index] = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
  }
  return members;
}

// Takes as long for a wrong word as for the right one.
bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

bool is_code(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

// Whoever sent it need not have sent UTF-8.
std::string plain(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return text;
}

// The authorize page speaks like the token endpoint, but in members of a query.
Error authorize_error(const std::string& error, const std::string& description) {
  JsonWriter body;
  body.begin_object().member("error", error).member("error_description", description).end_object();
  HttpResponse as_token_answer{.status = 400, .body = body.take()};
  Error out = entra_error(as_token_answer, {});
  constexpr std::string_view kUntrue = "HTTP 400, ";
  if (out.message.starts_with(kUntrue)) out.message.erase(0, kUntrue.size());
  out.http_status = 0;
  return out;
}

}  // namespace

AuthorizationCodeSignIn::AuthorizationCodeSignIn(const Application& application, std::uint16_t port)
    : application_(application),
      redirect_uri_("http://localhost:" + std::to_string(port) + "/"),
      state_(random_word()),
      pkce_(new_pkce()),
      address_(authorize_address(application_, redirect_uri_, state_, pkce_.challenge)) {}

Result<RedirectAnswer> AuthorizationCodeSignIn::read(std::string_view redirected) const {
  const std::string wanted =
      "wanted the whole address the browser shows after signing in, which begins with " +
      redirect_uri_ + "?";
  redirected = trimmed(redirected);
  if (redirected.size() > kBytesMax) return not_ours("found too long a text, " + wanted);
  auto members = members_of(query_of(redirected));
  if (!members) return not_ours("found an address that says the same thing twice, " + wanted);
  auto& [code, state, error, description, client_id] = *members;
  if (!client_id.empty()) return not_ours("found the address to be opened, " + wanted);
  if (state.empty()) return not_ours("found no answer to a sign-in, " + wanted);
  if (!same_word(state, state_)) {
    return not_ours(
        "found the answer to another sign-in (its \"state\" differs), which is not used; open the "
        "address above and sign in there");
  }
  if (error.empty() == code.empty())
    return not_ours(
        "found an answer with " +
        std::string(code.empty() ? "neither code nor error, " : "both code and error, ") + wanted);
  if (!error.empty())
    return RedirectAnswer{.refused = authorize_error(plain(error), plain(description))};
  if (!is_code(code)) return not_ours("found a damaged code, " + wanted);
  return RedirectAnswer{.code = Secret(std::move(code))};
}

std::vector<FormField> AuthorizationCodeSignIn::redemption(const Secret& code) const {
  return {{"client_id", Secret(application_.client_id)},
          {"grant_type", Secret("authorization_code")},
          {"code", code, true},
          {"redirect_uri", Secret(redirect_uri_)},
          {"code_verifier", pkce_.verifier, true},
          {"scope", Secret(sign_in_scope(application_))}};
}

}  // namespace pce
