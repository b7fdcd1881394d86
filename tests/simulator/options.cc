#include "tests/simulator/options.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

const CLI::Validator kDuration(
    [](std::string& text) {
      return parse_duration(text) ? std::string()
                                  : "'" + text + "' is no duration such as 20ms, 2s or 1h30m";
    },
    "DURATION");
const CLI::Validator kGuid(
    [](std::string& text) { return is_guid(text) ? std::string() : "'" + text + "' is no GUID"; },
    "GUID");

// The content of a file that a flag names, or nothing with a complaint printed.
std::optional<std::string> content_of(const char* flag, const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (in) return text.str();
  fmt::print(stderr, "{}: {}: it cannot be read\n", flag, file);
  return std::nullopt;
}

// The certificate of a file, or nothing with a complaint printed.
std::shared_ptr<const Certificate> read_certificate(const std::string& file) {
  const auto text = content_of("--client-certificate", file);
  std::string problem;
  auto certificate = text ? Certificate::read(*text, problem) : nullptr;
  if (text && !certificate) fmt::print(stderr, "--client-certificate: {}: {}\n", file, problem);
  return certificate;
}

}  // namespace

CommandLine read_command_line(int argc, char** argv) {
  Options options;
  std::string latency = "0ms", lifetime = "1h", tenant, client, secret, certificate, federated;
  std::string tls_certificate, tls_key;
  std::size_t products = 0;
  unsigned per_minute = 0;
  bool computed = false, plain_links = false;

  CLI::App app(
      "A simulator of Microsoft's Partner Center API: tokens, customers and licence insights.",
      "partner_center_simulator");
  app.set_version_flag("--version", std::string("partner_center_simulator ") + PCE_VERSION);
  app.add_option("--web.listen-address", options.listen_address,
                 "HOST:PORT, loopback only; port 0 takes a free one")
      ->capture_default_str();
  auto* key_option = app.add_option("--tls-key", tls_key, "PEM file, of --tls-certificate");
  auto* certificate_option =
      app.add_option("--tls-certificate", tls_certificate, "PEM file: serve https")
          ->needs(key_option);
  key_option->needs(certificate_option);
  app.add_option("--customers", options.shape.customers,
                 "customers beside the one of Microsoft's documents")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", options.shape.seed, "which estate is made up")->capture_default_str();
  auto* products_option =
      app.add_option("--products", products,
                     "products of each customer, with three workloads each (default: 1 to 6)")
          ->check(CLI::Range(std::size_t{1}, kProductsMax));
  app.add_option("--latency", latency, "real time before every answer")
      ->check(kDuration)
      ->capture_default_str();
  app.add_option("--token-lifetime", lifetime, "of access tokens, simulated time")
      ->check(kDuration)
      ->capture_default_str();
  app.add_option("--partner-tenant", tenant, "refuse other tenants in token paths")->check(kGuid);
  app.add_option("--client-id", client, "refuse other applications");
  app.add_option("--client-secret", secret, "demand this secret");
  app.add_option("--client-certificate", certificate,
                 "PEM file: check client assertions against this certificate");
  app.add_option("--federated-token", federated,
                 "accept this text as a client assertion, and others only by certificate");
  app.add_option("--redirect-uri", options.registration.redirect_uris,
                 "registered for sign-ins; may be repeated (default: http://localhost, any path)");
  app.add_option("--refresh-token", options.refresh_token,
                 "accept this one and those issued here only");
  app.add_flag("--public-client", options.registration.public_client, "refuse client credentials");
  app.add_option("--requests-per-minute", per_minute,
                 "allowance of one partner tenant, simulated minutes")
      ->check(CLI::Range(1U, 10'000'000U));
  app.add_option("--speed", options.speed, "simulated seconds per real second")
      ->check(CLI::Range(0.001, 100'000.0))
      ->capture_default_str();
  app.add_flag("--computed-partner-usage", computed,
               "compute the partner's usage from the estate instead of the five documented rows");
  app.add_flag("--unversioned-links", plain_links, "customers' next link without /v1");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error) == 0 ? 0 : 2};
  }
  options.settings.latency = *parse_duration(latency);
  options.settings.token_lifetime = *parse_duration(lifetime);
  if (computed) options.settings.partner_usage = "computed";
  if (plain_links) options.settings.customers_link = "unversioned";
  if (products_option->count() > 0) options.shape.products = products;
  if (per_minute > 0) options.settings.requests_per_minute = per_minute;
  if (!tenant.empty()) options.registration.tenant = tenant;
  if (!client.empty()) options.registration.client_id = client;
  if (!federated.empty()) options.registration.federated_token = federated;
  if (!certificate.empty()) {
    options.registration.certificate = read_certificate(certificate);
    if (!options.registration.certificate) return {std::nullopt, 2};
  }
  if (!tls_certificate.empty()) {
    const auto pem = content_of("--tls-certificate", tls_certificate);
    const auto key = content_of("--tls-key", tls_key);
    if (!pem || !key) return {std::nullopt, 2};
    options.tls = {.certificate = *pem, .key = *key};
  }
  if (!secret.empty()) options.registration.client_secret = secret;
  return {std::move(options), 0};
}

}  // namespace simulator
