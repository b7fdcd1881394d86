#pragma once
// The command line.
#include <optional>
#include <string>

#include "tests/simulator/estate.h"
#include "tests/simulator/http_server.h"
#include "tests/simulator/registration.h"
#include "tests/simulator/settings.h"

namespace simulator {

struct Options {
  std::string listen_address = "127.0.0.1:10366";
  ServerTls tls;
  EstateShape shape;
  Settings settings;
  Registration registration;
  std::string refresh_token;
  double speed = 1;
};

// Either options, or the status to exit with at once (0 after --help and --version, 2 after a
// mistake); texts are printed.
struct CommandLine {
  std::optional<Options> options;
  int status = 0;
};
CommandLine read_command_line(int argc, char** argv);

}  // namespace simulator
