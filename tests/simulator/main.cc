// partner_center_simulator: wiring only.
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "tests/simulator/control.h"
#include "tests/simulator/http_server.h"
#include "tests/simulator/options.h"
#include "tests/simulator/service.h"

int main(int argc, char** argv) {
  using namespace simulator;
  const CommandLine command_line = read_command_line(argc, argv);
  if (!command_line.options) return command_line.status;
  const Options& options = *command_line.options;

  // Blocked before any thread exists, so that all inherit it and only sigwait() takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  World world(options.shape, options.settings, options.registration, options.refresh_token,
              options.speed);
  Service service(world);
  const Handler handler = [&](const Request& request) {
    return request.path.starts_with("/_sim") ? control(request, world) : service.handle(request);
  };
  std::string problem;
  const auto server =
      HttpServer::start(options.listen_address, handler, world.waiting, problem, options.tls);
  if (!server) {
    fmt::print(stderr, "partner_center_simulator: {}\n", problem);
    return 1;
  }
  fmt::print("Listening on {}\n", server->url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}
