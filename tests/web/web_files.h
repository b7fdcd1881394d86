#pragma once
// A folder with every web configuration of tests/fixtures/web_config, and with the certificates and
// keys they name. Link ../support/openssl.cc and ../support/program.cc.
#include <map>
#include <string>

#include "tests/support/files.h"
#include "tests/support/openssl.h"
#include "tests/support/temporary_folder.h"

namespace pce {

class WebFiles {
 public:
  WebFiles() {
    const auto& path = folder_.path();
    make_certificate(path, "server");
    make_certificate(path, "authority");
    make_certificate(path, "curve", {.key = {"ec", "-pkeyopt", "ec_paramgen_curve:P-256"}});
    make_certificate(path, "ed25519", {.key = {"ed25519"}});
    make_certificate(path, "expired", {.days = -1});
    openssl({"pkcs8", "-topk8", "-in", path / "server.key", "-out", path / "encrypted.key",
             "-passout", "pass:hunter2"});
    const std::string server = folder_.read("server.pem");
    folder_.write("both.pem", folder_.read("server.key") + server);
    folder_.write("chain.pem", server + folder_.read("authority.pem"));
    folder_.write("reversed.pem", folder_.read("authority.pem") + server);
    folder_.write("damaged.pem", server.substr(0, 100) + server.substr(200));
    std::filesystem::create_directory(path / "below");
  }

  const std::filesystem::path& folder() const { return folder_.path(); }

  // Every file of this kind: "good", "bad", "differs".
  std::vector<std::filesystem::path> of_kind(const std::string& kind) const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(source_dir() / "tests/fixtures/web_config" / kind)) {
      const std::string text = filled(read_file(entry.path()));
      files.push_back(folder_.write(entry.path().filename(), text));
    }
    std::ranges::sort(files);
    return files;
  }

 private:
  // "    @server.pem@" becomes that file, each line as far to the right.
  std::string filled(const std::string& text) const {
    std::string out;
    for (const std::string& line : lines_of(text)) {
      const std::size_t at = line.find_first_not_of(' ');
      if (at == std::string::npos || line[at] != '@') {
        out += line + "\n";
        continue;
      }
      for (const std::string& inner :
           lines_of(folder_.read(line.substr(at + 1, line.size() - at - 2)))) {
        out += line.substr(0, at) + inner + "\n";
      }
    }
    // Where there is no line end at the end, or nothing at all, that is meant.
    if (!text.ends_with('\n') && !out.empty()) out.pop_back();
    return out;
  }

  TemporaryFolder folder_;
};

}  // namespace pce
