// Renews a refresh token so many times, with a sign-in service that hands out refresh-1, refresh-2,
// …: the program whose calls the tests of power loss and kills look at. One line each time, written
// as soon as the access token is handed out: "stored refresh-1", or "in memory refresh-1".
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

#include <prometheus/registry.h>

#include "exporter/identity/entra_token_source.h"

namespace {

class SignInService final : public pce::Transport {
 public:
  pce::Result<pce::HttpResponse> send(const pce::HttpRequest&, std::stop_token) override {
    return pce::HttpResponse{.status = 200,
                             .body = R"({"token_type":"Bearer","expires_in":2,"access_token":"a",)"
                                     R"("refresh_token":"refresh-)" +
                                     std::to_string(++issued) + "\"}"};
  }
  int issued = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  SignInService service;
  pce::SystemClock clock;
  pce::Governor governor(clock, {.requests_per_minute = 6000, .concurrency = 1});
  prometheus::Registry registry;
  pce::ApiTelemetry telemetry(registry, "contoso", {"token"});
  pce::ClientCredential credential("client", {});
  pce::EntraTokenSource entra({service, governor, clock, telemetry}, credential,
                              {.login = "https://login.example",
                               .tenant_id = "tenant",
                               .client_id = "client",
                               .resource = "https://api.example",
                               .refresh_token_file = argv[1]});
  bool stored = true;
  for (int i = std::atoi(argv[2]); i > 0; --i) {
    const auto issued = entra.issue({});
    if (!issued) {
      std::fprintf(stderr, "%s\n", issued.error().message.c_str());
      return 1;
    }
    stored = !issued->warning;
    const std::string line =
        (stored ? "stored refresh-" : "in memory refresh-") + std::to_string(service.issued) + "\n";
    static_cast<void>(write(STDOUT_FILENO, line.data(), line.size()) == 0);
  }
  return stored ? 0 : 3;
}
