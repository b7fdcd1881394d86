#include "tests/support/test_authority.h"

#include <utility>
#include <vector>

#include "tests/support/openssl.h"

namespace pce {
TestAuthority::TestAuthority(const std::string& name) {
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
           "-keyout", file("ca.key"), "-out", certificate(), "-days", "3650", "-subj",
           "/CN=" + name, "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
           "keyUsage=critical,keyCertSign"});
  folder_.write("index.txt", "");
  folder_.write("index.txt.attr", "unique_subject = no\n");
}

TestAuthority::Issued TestAuthority::issue(const Wish& wish) {
  const std::string stem = "issued" + std::to_string(++issued_);
  const Issued made{.certificate = file(stem + ".pem"), .key = file(stem + ".key")};
  const std::string folder = folder_.path().string();
  // "openssl ca" is the one command of OpenSSL 3.0 that takes both dates.
  const auto config = folder_.write(
      stem + ".cnf", "[ca]\ndefault_ca = here\n[here]\ndatabase = " + folder +
                         "/index.txt\nnew_certs_dir = " + folder +
                         "\nrand_serial = yes\ndefault_md = sha256\npolicy = any\n" +
                         "x509_extensions = leaf\n[any]\ncommonName = supplied\n[leaf]\n" +
                         "basicConstraints = CA:FALSE\nsubjectAltName = DNS:" + wish.name +
                         (wish.more_names.empty() ? "" : "," + wish.more_names) + "\n");
  openssl({"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
           "-keyout", made.key, "-out", file(stem + ".csr"), "-subj", "/CN=" + wish.name});
  std::vector<std::string> sign{
      "ca",   "-batch",         "-config", config,       "-in",     file(stem + ".csr"),
      "-out", made.certificate, "-notext", "-startdate", wish.from, "-enddate",
      wish.to};
  if (wish.self_signed) {
    sign.insert(sign.end(), {"-selfsign", "-keyfile", made.key});
  } else {
    sign.insert(sign.end(), {"-keyfile", file("ca.key"), "-cert", certificate()});
  }
  openssl(std::move(sign));
  return made;
}

}  // namespace pce
