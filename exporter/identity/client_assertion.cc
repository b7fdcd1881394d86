#include "exporter/identity/client_assertion.h"

#include "exporter/base/base64url.h"
#include "exporter/base/guid.h"
#include "exporter/base/random_bytes.h"
#include "exporter/json/json_writer.h"

namespace pce {
namespace {

using std::chrono::seconds;

constexpr seconds kLifetime = std::chrono::minutes(10);
constexpr seconds kClockAhead = std::chrono::minutes(1);
constexpr std::size_t kIdBytes = 16;

std::string header(const ClientCertificate& certificate) {
  JsonWriter json;
  json.begin_object()
      .member("alg", "PS256")
      .member("typ", "JWT")
      .member("x5t#S256", base64url(certificate.thumbprint()))
      .end_object();
  return json.take();
}

}  // namespace

Result<Secret> client_assertion(const ClientCertificate& certificate, const std::string& client_id,
                                const std::string& token_url, WallTime now) {
  const auto id = random_bytes(kIdBytes);
  if (!id) return id.error();
  const seconds at = std::chrono::floor<seconds>(now.time_since_epoch());
  JsonWriter claims;
  claims.begin_object()
      .member("aud", token_url)
      .member("iss", client_id)
      .member("sub", client_id)
      .member("jti", guid_of(*id));
  claims.key("nbf").integer((at - kClockAhead).count());
  claims.key("iat").integer((at - kClockAhead).count());
  claims.key("exp").integer((at + kLifetime).count());
  claims.end_object();
  std::string text = base64url(header(certificate)) + "." + base64url(claims.take());
  const auto signature = certificate.sign(text);
  if (!signature) return signature.error();
  return Secret(std::move(text) + "." + base64url(*signature));
}

}  // namespace pce
