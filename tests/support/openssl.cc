#include "tests/support/openssl.h"

#include <fstream>

#include "tests/support/program.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

void for_us_only(const fs::path& file) {
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

void write(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace

std::string openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  const Finished finished = run_program(arguments);
  EXPECT_EQ(finished.status, 0) << arguments.at(1) << ": " << finished.output;
  return finished.output;
}

void make_certificate(const fs::path& folder, const std::string& name,
                      const MadeCertificate& made) {
  const fs::path key = folder / (name + ".key");
  const fs::path certificate = folder / (name + ".pem");
  const fs::path request = folder / (name + ".csr");
  std::vector<std::string> arguments{"req",  "-new",  "-nodes", "-keyout",     key,
                                     "-out", request, "-subj",  "/CN=" + name, "-newkey"};
  arguments.insert(arguments.end(), made.key.begin(), made.key.end());
  openssl(arguments);
  openssl({"x509", "-req", "-in", request, "-signkey", key, "-out", certificate, "-days",
           std::to_string(made.days)});
  fs::remove(request);
  for_us_only(key);
  for_us_only(certificate);
}

bool verifies_ps256(const fs::path& certificate, const std::string& data,
                    const std::string& signature, int salt_bytes) {
  const fs::path folder = certificate.parent_path();
  write(folder / "verify.pub", openssl({"x509", "-in", certificate, "-pubkey", "-noout"}));
  write(folder / "verify.data", data);
  write(folder / "verify.sig", signature);
  const Finished finished =
      run_program({"openssl", "dgst", "-sha256", "-verify", folder / "verify.pub", "-sigopt",
                   "rsa_padding_mode:pss", "-sigopt",
                   "rsa_pss_saltlen:" + std::to_string(salt_bytes), "-sigopt", "rsa_mgf1_md:sha256",
                   "-signature", folder / "verify.sig", folder / "verify.data"});
  return finished.status == 0;
}

std::string fingerprint(const fs::path& certificate) {
  // "sha256 Fingerprint=AB:CD:…"
  const std::string said =
      openssl({"x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"});
  std::string bytes;
  for (std::size_t at = said.find('=') + 1; at + 1 < said.size(); at += 3)
    bytes += static_cast<char>(std::stoi(said.substr(at, 2), nullptr, 16));
  return bytes;
}

}  // namespace pce
