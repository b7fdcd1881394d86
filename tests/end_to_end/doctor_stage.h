#pragma once
// `doctor` against a simulator, and what its answers are held against.
#include <functional>
#include <string>
#include <vector>

#include "tests/end_to_end/stage.h"

namespace pce {

inline constexpr const char* kDoctorSecret = "MARKER-client-secret";
inline constexpr const char* kDoctorToken = "MARKER-refresh-token";
// proxy.secret, and the same as a header.
inline constexpr const char* kDoctorProxySecret = "MARKER-user:MARKER-password";
inline constexpr const char* kDoctorProxyBasic = "Basic TUFSS0VSLXVzZXI6TUFSS0VSLXBhc3N3b3Jk";

class DoctorStage {
 public:
  explicit DoctorStage(const std::vector<std::string>& simulator = {"--customers=3"});
  Stage& stage() { return stage_; }

  // For the configuration that the next runs get; proxy.secret and contoso.secret stand beside it.
  Stage::Choices choices{.refresh_token = kDoctorToken};
  // Done to the files of the configuration before each run.
  std::function<void()> prepare = [] {};
  // In front of the command: a shell, a limit.
  std::vector<std::string> through{};

  // One run. Whatever it says is searched for secrets.
  Finished run(const std::vector<std::string>& arguments = {});
  // Text and JSON say the same, end with `status`, and the text is that of
  // tests/golden/doctor/NAME.txt but for times, ports, dates and folders. UPDATE_GOLDEN=1 rewrites
  // it.
  void expect(const std::string& name, int status, const std::vector<std::string>& arguments = {});

 private:
  std::string comparable(std::string text) const;

  Stage stage_;
};

}  // namespace pce
