// Part of the build: writes one document to standard output.
#include <cstdio>
#include <string>
#include <string_view>

#include "deploy/package/documents.h"

int main(int argc, char** argv) {
  const std::string_view which = argc > 1 ? argv[1] : "";
  std::string text;
  if (which == "man" && argc == 4) text = pce::man_page(argv[2], argv[3]);
  if (which == "bash" && argc == 2) text = pce::bash_completion();
  if (which == "defaults" && argc == 2) text = pce::defaults_file();
  if (text.empty()) {
    std::fprintf(stderr, "usage: write_document man VERSION DATE | bash | defaults\n");
    return 2;
  }
  return std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0 ? 1 : 0;
}
