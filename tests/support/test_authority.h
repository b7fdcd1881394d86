#pragma once
// An authority of certificates, made at test time with the openssl program.
#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

namespace pce {

class TestAuthority {
 public:
  // `name`: the CN of its own certificate.
  explicit TestAuthority(const std::string& name = "Test Authority");

  // What to trust: its certificate in PEM form.
  std::filesystem::path certificate() const { return folder_.path() / "ca.pem"; }

  struct Wish {
    std::string name = "partner-center.test";  // the CN, and a DNS name
    std::string more_names = "IP:127.0.0.1,DNS:localhost";
    std::string from = "20200101000000Z";
    std::string to = "20991231235959Z";
    bool self_signed = false;
  };
  struct Issued {
    std::filesystem::path certificate, key;
  };
  Issued issue() { return issue(Wish{}); }
  Issued issue(const Wish& wish);

 private:
  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

  TemporaryFolder folder_;
  int issued_ = 0;
};

}  // namespace pce
