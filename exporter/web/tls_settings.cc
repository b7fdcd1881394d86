#include "exporter/web/tls_settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exporter/settings/message_text.h"
#include "exporter/settings/spelling.h"
#include "exporter/web/toolkit_values.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 13> kKeys{"cert",
                                                 "key",
                                                 "client_ca",
                                                 "cert_file",
                                                 "key_file",
                                                 "client_auth_type",
                                                 "client_ca_file",
                                                 "client_allowed_sans",
                                                 "min_version",
                                                 "max_version",
                                                 "cipher_suites",
                                                 "prefer_server_cipher_suites",
                                                 "curve_preferences"};
// In the order of enum ClientAuth, and then an older name of kRequireAny.
constexpr std::array<std::string_view, 6> kClientAuths{"NoClientCert",
                                                       "RequestClientCert",
                                                       "RequireAnyClientCert",
                                                       "VerifyClientCertIfGiven",
                                                       "RequireAndVerifyClientCert",
                                                       "RequireClientCert"};

class TlsReader {
 public:
  TlsReader(const SettingField& field, const fs::path& folder, SettingComplaints& complaints,
            SettingComplaints& doubts)
      : field_(field),
        section_(field, kKeys, complaints),
        folder_(folder),
        complaints_(complaints),
        doubts_(doubts) {}

  std::optional<TlsSettings> read();

 private:
  std::optional<PemSource> pem(std::string_view inline_key, std::string_view file_key);
  PemSource require_pem(std::string_view inline_key, std::string_view file_key);
  void client_certificates(TlsSettings& tls);
  void judge_clients(const TlsSettings& tls);
  void allowed_sans(TlsSettings& tls);
  void policy(TlsSettings& tls);
  std::optional<TlsVersion> version(std::string_view key);
  std::vector<std::size_t> names(std::string_view key, std::span<const std::string_view> known,
                                 const std::string& wanted);

  const SettingField& field_;
  SettingSection section_;
  const fs::path& folder_;
  SettingComplaints& complaints_;
  SettingComplaints& doubts_;
};

std::optional<TlsSettings> TlsReader::read() {
  if (!section_.is_map()) return std::nullopt;
  const bool any = std::ranges::any_of(
      kKeys, [&](std::string_view key) { return find_value(section_, key).has_value(); });
  if (!any) return std::nullopt;
  TlsSettings tls;
  tls.certificate = require_pem("cert", "cert_file");
  tls.key = require_pem("key", "key_file");
  tls.client_ca = pem("client_ca", "client_ca_file");
  client_certificates(tls);
  policy(tls);
  return tls;
}

std::optional<PemSource> TlsReader::pem(std::string_view inline_key, std::string_view file_key) {
  const auto text = find_value(section_, inline_key);
  const auto file = find_value(section_, file_key);
  if (text && file) {
    complaints_.add(text->place, text->path,
                    "found beside " + std::string(file_key) + ", wanted one of the two");
  }
  if (file) {
    const std::string wanted = "the path of a file in PEM form";
    const auto name = text_of(*file, wanted, complaints_);
    if (name && name->find('\0') != std::string::npos) {
      complaints_.add(file->place, file->path, "found a zero byte, wanted " + wanted);
    }
    return PemSource{.place = file->place,
                     .path = file->path,
                     .file = (folder_ / name.value_or("")).lexically_normal()};
  }
  if (!text) return std::nullopt;
  return PemSource{.place = text->place,
                   .path = text->path,
                   .text = Secret(text_of(*text, "text in PEM form", complaints_).value_or(""))};
}

PemSource TlsReader::require_pem(std::string_view inline_key, std::string_view file_key) {
  auto source = pem(inline_key, file_key);
  if (source) return std::move(*source);
  complaints_.add(field_.place, field_.path,
                  "found neither " + std::string(file_key) + " nor " + std::string(inline_key) +
                      ", wanted one of them, or the section left out, which means no TLS");
  return {};
}

void TlsReader::client_certificates(TlsSettings& tls) {
  if (const auto kind = find_value(section_, "client_auth_type")) {
    if (const auto index = choice_of(*kind, kClientAuths, complaints_)) {
      tls.client_auth = *index == kClientAuths.size() - 1 ? ClientAuth::kRequireAny
                                                          : static_cast<ClientAuth>(*index);
    }
  }
  allowed_sans(tls);
  judge_clients(tls);
}

void TlsReader::judge_clients(const TlsSettings& tls) {
  const auto kind = section_.find("client_auth_type");
  const TextPlace place = kind ? kind->place : field_.place;
  const std::string path = field_.path + ".client_auth_type";
  const bool verified = tls.client_auth == ClientAuth::kVerifyIfGiven ||
                        tls.client_auth == ClientAuth::kRequireAndVerify;
  if (tls.client_auth == ClientAuth::kNone) {
    if (tls.client_ca) {
      complaints_.add(tls.client_ca->place, tls.client_ca->path,
                      "found an authority for the certificates of clients, whom nobody asks for "
                      "one, wanted client_auth_type: RequireAndVerifyClientCert beside it");
    }
    if (!tls.client_allowed_sans.empty()) {
      const auto sans = section_.find("client_allowed_sans");
      complaints_.add(sans->place, sans->path,
                      "found names for the certificates of clients, whom nobody asks for one, "
                      "wanted client_auth_type: RequireAndVerifyClientCert beside it");
    }
    return;
  }
  if (tls.client_auth != ClientAuth::kRequireAndVerify) {
    doubts_.add(place, path,
                tls.client_auth == ClientAuth::kRequireAny
                    ? "any certificate opens the door, also one that the client made itself; "
                      "RequireAndVerifyClientCert is what keeps others out"
                    : "clients without a certificate come in; RequireAndVerifyClientCert is what "
                      "keeps them out");
  }
  if (verified && !tls.client_ca) {
    doubts_.add(place, path,
                "without client_ca_file every authority that this machine trusts may vouch for "
                "clients");
  }
  if (!verified && tls.client_ca) {
    doubts_.add(tls.client_ca->place, tls.client_ca->path,
                "is told to clients, but " + std::string(kind->value->text) +
                    " verifies nobody against it");
  }
}

void TlsReader::allowed_sans(TlsSettings& tls) {
  const auto field = find_value(section_, "client_allowed_sans");
  if (!field) return;
  const std::string wanted = "a DNS name, IP address, mail address or URI as certificates have it";
  const auto items = list_of(*field, "a list, each " + wanted, complaints_);
  if (!items) return;
  if (items->empty()) {
    complaints_.add(field->place, field->path,
                    "found an empty list, which no certificate satisfies, wanted one entry at "
                    "least, or the key left out");
  }
  for (const SettingField& item : *items) {
    if (auto name = text_of(item, wanted, complaints_)) {
      tls.client_allowed_sans.push_back(std::move(*name));
    }
  }
}

std::optional<TlsVersion> TlsReader::version(std::string_view key) {
  const auto field = find_value(section_, key);
  if (!field) return std::nullopt;
  const auto index = choice_of(*field, tls_version_words(), complaints_);
  if (!index) return std::nullopt;
  return tls_version_at(*index);
}

void TlsReader::policy(TlsSettings& tls) {
  TlsPolicy& policy = tls.policy;
  policy.min = version("min_version").value_or(policy.min);
  policy.max = version("max_version").value_or(policy.max);
  if (policy.min > policy.max) {
    const auto max = section_.find("max_version");
    complaints_.add(max ? max->place : field_.place, field_.path + ".max_version",
                    "found " + std::string(word_of(policy.max)) +
                        ", wanted no version before min_version (" +
                        std::string(word_of(policy.min)) + "), or nobody could connect");
  } else if (policy.min < TlsVersion::k12) {
    doubts_.add(section_.find("min_version")->place, field_.path + ".min_version",
                "lets in TLS 1.0 or 1.1, which are broken (RFC 8996); wanted TLS12 or TLS13");
  }
  policy.cipher_suites = names("cipher_suites", cipher_suite_names(),
                               "Go's name of a secure cipher suite, such as "
                               "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  policy.curves = names("curve_preferences", curve_names(), any_of(curve_names()));
  if (const auto order = find_value(section_, "prefer_server_cipher_suites")) {
    policy.servers_order = toolkit_truth_of(*order, complaints_).value_or(true);
  }
  const auto suites = section_.find("cipher_suites");
  tls.policy_place = suites ? suites->place : field_.place;
  tls.policy_path = suites ? suites->path : field_.path;
}

std::vector<std::size_t> TlsReader::names(std::string_view key,
                                          std::span<const std::string_view> known,
                                          const std::string& wanted) {
  std::vector<std::size_t> out;
  const auto field = find_value(section_, key);
  if (!field) return out;
  const auto items = list_of(*field, "a list, each " + wanted, complaints_);
  if (!items) return out;
  for (const SettingField& item : *items) {
    const auto name = text_of(item, wanted, complaints_);
    if (!name) continue;
    const auto found = std::ranges::find(known, *name);
    if (found != known.end()) {
      out.push_back(static_cast<std::size_t>(found - known.begin()));
    } else if (name->starts_with("TLS_RSA_WITH_")) {
      complaints_.add(item.place, item.path,
                      "found " + in_quotes(*name) +
                          ", whose recorded traffic can be read by whoever gets the key later, "
                          "wanted one with ECDHE");
    } else {
      complaints_.add(item.place, item.path, "found " + in_quotes(*name) + ", wanted " + wanted,
                      std::string(nearest(*name, known).value_or("")));
    }
  }
  return out;
}

}  // namespace

std::optional<TlsSettings> read_tls_settings(const SettingField& field, const fs::path& folder,
                                             SettingComplaints& complaints,
                                             SettingComplaints& doubts) {
  return TlsReader(field, folder, complaints, doubts).read();
}

}  // namespace pce
