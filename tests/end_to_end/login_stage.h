#pragma once
// The command `login` on a stage of its own: a simulator to sign in to, a configuration without a
// token, and a person who signs in without a browser.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exporter/identity/token_record.h"
#include "tests/end_to_end/stage.h"

namespace pce {

class LoginStage {
 public:
  explicit LoginStage(const std::vector<std::string>& simulator = {"--customers=3"});

  Stage& stage() { return stage_; }
  void settings(const std::string& json) { stage_.simulate("/_sim/settings", json); }

  // Starts `login`; `account` are more lines of the configuration, indented by four.
  void start(const std::vector<std::string>& flags = {}, const std::string& account = {});
  // The same on a terminal with a screen, whose browser only notes in the file "opened" what it is
  // to open.
  void start_on_a_terminal();
  Program& login() { return *login_; }

  // The address it says to open, and the port the browser comes back to.
  std::string address();
  int callback_port();

  // Signs in there as a person would; where that leads the browser to, or the page where it leads
  // nowhere. `form`: other fields than "with a second factor".
  std::string sign_in(const std::string& form = kSignedIn);
  // The same on the page for device codes.
  std::string type_device_code(const std::string& form = kSignedIn);
  // The browser follows.
  WebAnswer come_back(const std::string& redirected);

  // Its exit status, when it has ended; from then on said() is complete. Whatever it says is
  // searched for secrets.
  int ended();
  std::string said() const { return login_->output(); }

  std::filesystem::path token_file() const { return stage_.folder() / "contoso.token"; }
  std::optional<TokenRecord> stored() const;

  static constexpr const char* kSignedIn =
      "loginfmt=ada%40partner.example&passwd=x&second_factor=yes&step=sign_in";
  static constexpr const char* kWithoutSecondFactor =
      "loginfmt=ada%40partner.example&passwd=x&step=sign_in";
  static constexpr const char* kCancelled = "step=cancel";

 private:
  std::string configured(const std::string& account);
  WebAnswer submit(const std::string& path, const std::string& form) const;

  Stage stage_;
  std::unique_ptr<Program> login_;
  std::vector<std::string> secrets_;
};

// Starts the exporter on what `login` has stored: it reads, and lives through the end of its access
// tokens, each time with another refresh token in the file.
void expect_that_the_exporter_lives_on_it(LoginStage& login);

}  // namespace pce
