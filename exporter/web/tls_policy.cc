#include "exporter/web/tls_policy.h"

#include <algorithm>
#include <array>

namespace pce {
namespace {

enum class Authentication { kEither, kRsa, kEcdsa };  // kEither: a suite of TLS 1.3

struct Suite {
  Authentication authentication;
  std::string_view cipher;  // GnuTLS' name
  bool cbc = false;         // with HMAC-SHA1
};

constexpr std::array<std::string_view, 13> kSuiteNames{
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
};
// In the order of the names.
constexpr std::array<Suite, 13> kSuites{{
    {Authentication::kEither, "AES-128-GCM"},
    {Authentication::kEither, "AES-256-GCM"},
    {Authentication::kEither, "CHACHA20-POLY1305"},
    {Authentication::kRsa, "AES-128-GCM"},
    {Authentication::kRsa, "AES-256-GCM"},
    {Authentication::kRsa, "CHACHA20-POLY1305"},
    {Authentication::kEcdsa, "AES-128-GCM"},
    {Authentication::kEcdsa, "AES-256-GCM"},
    {Authentication::kEcdsa, "CHACHA20-POLY1305"},
    {Authentication::kRsa, "AES-128-CBC", true},
    {Authentication::kRsa, "AES-256-CBC", true},
    {Authentication::kEcdsa, "AES-128-CBC", true},
    {Authentication::kEcdsa, "AES-256-CBC", true},
}};

constexpr std::array<std::string_view, 4> kVersionWords{"TLS13", "TLS12", "TLS11", "TLS10"};
constexpr std::array<std::string_view, 4> kVersions{"VERS-TLS1.0", "VERS-TLS1.1", "VERS-TLS1.2",
                                                    "VERS-TLS1.3"};
constexpr std::array<std::string_view, 4> kCurveNames{"X25519", "CurveP256", "CurveP384",
                                                      "CurveP521"};
constexpr std::array<std::string_view, 4> kGroups{"GROUP-X25519", "GROUP-SECP256R1",
                                                  "GROUP-SECP384R1", "GROUP-SECP521R1"};

std::vector<Suite> named_suites(const TlsPolicy& policy, Authentication authentication) {
  std::vector<Suite> suites;
  for (const std::size_t index : policy.cipher_suites) {
    if (kSuites[index].authentication == authentication) suites.push_back(kSuites[index]);
  }
  return suites;
}

std::vector<Suite> suites_of_13(const TlsPolicy& policy) {
  std::vector<Suite> suites = named_suites(policy, Authentication::kEither);
  if (suites.empty()) suites.assign(kSuites.begin(), kSuites.begin() + 3);
  return suites;
}

std::vector<Suite> suites_up_to_12(const TlsPolicy& policy, TlsKeyKind key) {
  const auto wanted = key == TlsKeyKind::kRsa ? Authentication::kRsa : Authentication::kEcdsa;
  if (!policy.cipher_suites.empty()) return named_suites(policy, wanted);
  std::vector<Suite> suites;
  for (const Suite& suite : kSuites) {
    if (suite.authentication == wanted && (!suite.cbc || policy.min < TlsVersion::k12)) {
      suites.push_back(suite);
    }
  }
  return suites;
}

void add(std::string& priorities, std::string_view word) {
  const std::string item = ":+" + std::string(word);
  if ((priorities + ":").find(item + ":") == std::string::npos) priorities += item;
}

}  // namespace

std::span<const std::string_view> tls_version_words() { return kVersionWords; }
TlsVersion tls_version_at(std::size_t index) {
  return static_cast<TlsVersion>(kVersionWords.size() - 1 - index);
}
std::string_view word_of(TlsVersion version) {
  return kVersionWords[kVersionWords.size() - 1 - static_cast<std::size_t>(version)];
}
std::span<const std::string_view> cipher_suite_names() { return kSuiteNames; }
std::span<const std::string_view> curve_names() { return kCurveNames; }

Result<TlsPriorities> priorities_of(const TlsPolicy& policy, TlsKeyKind key) {
  const std::vector<Suite> early = suites_up_to_12(policy, key);
  const bool offers_early = policy.min <= TlsVersion::k12 && !early.empty();
  const bool offers_13 = policy.max == TlsVersion::k13;
  if (!offers_early && !offers_13) {
    return Error{.kind = ErrorKind::kSettings,
                 .message = std::string("found no cipher suite that a certificate with ") +
                            (key == TlsKeyKind::kRsa ? "an RSA" : "an elliptic curve") +
                            " key can use before TLS 1.3, wanted one of those with _" +
                            (key == TlsKeyKind::kRsa ? "RSA" : "ECDSA") + "_ in its name"};
  }

  std::string begin = "NONE";
  for (int version = static_cast<int>(policy.max); version >= static_cast<int>(policy.min);
       --version) {
    const bool is_13 = version == static_cast<int>(TlsVersion::k13);
    if (is_13 || offers_early) add(begin, kVersions[static_cast<std::size_t>(version)]);
  }
  std::string end = std::string(key == TlsKeyKind::kRsa ? ":+ECDHE-RSA" : ":+ECDHE-ECDSA") +
                    ":+CTYPE-X509:+COMP-NULL:+SIGN-ALL:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1";
  for (const std::size_t index : policy.curves) add(end, kGroups[index]);
  if (policy.curves.empty()) {
    for (const std::string_view group : kGroups) add(end, group);
  }
  // A resumed session would skip looking at the client's certificate.
  end += ":%NO_TICKETS";
  if (policy.servers_order) end += ":%SERVER_PRECEDENCE";

  const auto whole = [&](const std::vector<Suite>& suites) {
    std::string priorities = begin;
    for (const Suite& suite : suites) {
      add(priorities, suite.cipher);
      add(priorities, suite.cbc ? "SHA1" : "AEAD");
    }
    return priorities + end;
  };
  return TlsPriorities{.up_to_12 = offers_early ? whole(early) : "",
                       .of_13 = offers_13 ? whole(suites_of_13(policy)) : ""};
}

}  // namespace pce
