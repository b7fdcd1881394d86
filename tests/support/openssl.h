#pragma once
// Keys and certificates made by the program `openssl`, which shares no code with what is under
// test, and its opinion of signatures. Link ../support/openssl.cc and ../support/program.cc.
#include <filesystem>
#include <string>
#include <vector>

namespace pce {

// What it says; a test failure when it does not end well.
std::string openssl(std::vector<std::string> arguments);

// Writes NAME.key (PEM, not encrypted) and NAME.pem, the certificate, both of mode 0600, into
// `folder`.
struct MadeCertificate {
  std::vector<std::string> key{"rsa:2048"};  // of -newkey, and options
  int days = 30;                             // of life from now; negative: expired
};
void make_certificate(const std::filesystem::path& folder, const std::string& name,
                      const MadeCertificate& made = {});

// Whether `signature` over `data` is RSASSA-PSS with SHA-256, MGF1 of SHA-256 and this salt, by the
// key of the certificate. Leaves files of its own in the folder of the certificate.
bool verifies_ps256(const std::filesystem::path& certificate, const std::string& data,
                    const std::string& signature, int salt_bytes = 32);

// The SHA-256 fingerprint of a certificate, 32 bytes.
std::string fingerprint(const std::filesystem::path& certificate);

}  // namespace pce
