#pragma once
// A key with its certificate, and client assertions signed by it.
#include <ctime>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/text.h"

namespace simulator {

class SigningKey {
 public:
  explicit SigningKey(std::time_t expires = std::time(nullptr) + 86400) {
    gnutls_x509_privkey_t plain = nullptr;
    gnutls_x509_privkey_init(&plain);
    EXPECT_EQ(gnutls_x509_privkey_generate(plain, GNUTLS_PK_RSA, 2048, 0), 0);
    gnutls_x509_crt_t certificate = nullptr;
    gnutls_x509_crt_init(&certificate);
    gnutls_x509_crt_set_version(certificate, 3);
    gnutls_x509_crt_set_serial(certificate, "\x01", 1);
    gnutls_x509_crt_set_activation_time(certificate, std::time(nullptr) - 86400 * 2);
    gnutls_x509_crt_set_expiration_time(certificate, expires);
    gnutls_x509_crt_set_key(certificate, plain);
    EXPECT_EQ(gnutls_x509_crt_sign2(certificate, certificate, plain, GNUTLS_DIG_SHA256, 0), 0);
    gnutls_datum_t text{};
    EXPECT_EQ(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text), 0);
    pem_.assign(reinterpret_cast<const char*>(text.data), text.size);
    gnutls_free(text.data);
    gnutls_x509_crt_deinit(certificate);
    gnutls_privkey_init(&key_);
    EXPECT_EQ(gnutls_privkey_import_x509(key_, plain, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE), 0);
  }
  ~SigningKey() { gnutls_privkey_deinit(key_); }
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  const std::string& certificate_pem() const { return pem_; }

  std::string sign(std::string_view data, gnutls_sign_algorithm_t algorithm) const {
    auto* bytes = const_cast<char*>(data.data());
    const gnutls_datum_t content{reinterpret_cast<unsigned char*>(bytes),
                                 static_cast<unsigned>(data.size())};
    gnutls_datum_t signature{};
    EXPECT_EQ(gnutls_privkey_sign_data2(key_, algorithm, 0, &content, &signature), 0);
    std::string out(reinterpret_cast<const char*>(signature.data), signature.size);
    gnutls_free(signature.data);
    return out;
  }

  std::string jwt(const nlohmann::json& header, const nlohmann::json& claims,
                  gnutls_sign_algorithm_t algorithm = GNUTLS_SIGN_RSA_PSS_RSAE_SHA256) const {
    std::string text = base64url(header.dump());
    text.append(".").append(base64url(claims.dump()));
    const std::string signature = base64url(sign(text, algorithm));
    return text.append(".").append(signature);
  }

 private:
  gnutls_privkey_t key_ = nullptr;
  std::string pem_;
};

}  // namespace simulator
