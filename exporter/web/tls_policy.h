#pragma once
// Which TLS we speak: Go's names, as exporter-toolkit's file has them, into GnuTLS' priority
// strings. Pure. Source: Go's crypto/tls, "CipherSuites"; the GnuTLS manual, "Priority Strings".
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"

namespace pce {

enum class TlsVersion { k10, k11, k12, k13 };

// The newest first, so that it is what a misspelt one is said to mean: "TLS13" …
std::span<const std::string_view> tls_version_words();
TlsVersion tls_version_at(std::size_t index);  // of the words
std::string_view word_of(TlsVersion version);
// Those Go calls secure, of TLS 1.3 and of earlier versions, all with forward secrecy.
std::span<const std::string_view> cipher_suite_names();
std::span<const std::string_view> curve_names();

struct TlsPolicy {
  TlsVersion min = TlsVersion::k12;
  TlsVersion max = TlsVersion::k13;
  // Indices of the names above, the preferred first. Empty: what is good today, which is ECDHE with
  // AES-GCM or ChaCha20-Poly1305, and for versions before 1.2 AES-CBC.
  std::vector<std::size_t> cipher_suites{};
  std::vector<std::size_t> curves{};
  bool servers_order = true;  // ours, not the client's, decides among what both know
};

// What signs the handshake, which decides on the suites that can be used. Ed25519 counts as kEcdsa.
enum class TlsKeyKind { kRsa, kEcdsa };

// GnuTLS knows ciphers for all versions together, Go suites for each: so there is one string for
// each side, and the one that fits is set when the version is known. Both have the same versions
// and curves.
struct TlsPriorities {
  std::string up_to_12;  // empty: not offered
  std::string of_13;     // likewise
};

// Suites of TLS 1.3 are all three unless some are named. Versions for which no suite is left are
// not offered. Errors: kSettings, when that is all of them.
Result<TlsPriorities> priorities_of(const TlsPolicy& policy, TlsKeyKind key);

}  // namespace pce
