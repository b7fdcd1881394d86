#pragma once
// What we measure about the calls of one partner account; every series carries partner="…". Any
// thread.
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"

namespace prometheus {
class Registry;
}

namespace pce {

class ApiTelemetry {
 public:
  // `operations`: what may stand in the label `operation`. All series exist at 0 at once.
  ApiTelemetry(prometheus::Registry& registry, const std::string& partner,
               const std::vector<std::string>& operations);
  ~ApiTelemetry();
  ApiTelemetry(const ApiTelemetry&) = delete;
  ApiTelemetry& operator=(const ApiTelemetry&) = delete;

  // From now on these may stand there. Those that stay keep their counts, the series of the others
  // end. While no call is under way.
  void operations_are(const std::vector<std::string>& operations);

  // One attempt; status 0 when no HTTP answer came.
  void api_call(std::string_view operation, int http_status, std::chrono::duration<double> took);
  void api_failure(std::string_view operation, ErrorKind reason);
  void api_retry(std::string_view operation);
  void token_refresh(bool succeeded);
  void token_not_rotated();  // it succeeded, and no new refresh token came
  // How many calls could start now; for how long none will because the other side asked for a
  // pause; which share of the configured pace it bears; how many repetitions are left.
  void api_budget(double calls_left, std::chrono::duration<double> paused_for, double pace,
                  double retries_left);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace pce
