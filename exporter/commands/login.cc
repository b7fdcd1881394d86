#include "exporter/commands/login.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <prometheus/registry.h>

#include "exporter/base/utc_text.h"
#include "exporter/commands/account_choice.h"
#include "exporter/commands/browser.h"
#include "exporter/commands/browser_sign_in.h"
#include "exporter/commands/credential_check.h"
#include "exporter/commands/device_sign_in.h"
#include "exporter/commands/first_call.h"
#include "exporter/commands/interruption.h"
#include "exporter/commands/sign_in_advice.h"
#include "exporter/commands/terminal.h"
#include "exporter/commands/transport_options.h"
#include "exporter/commands/version.h"
#include "exporter/http/curl_transport.h"
#include "exporter/identity/client_credential.h"
#include "exporter/identity/sign_in_check.h"
#include "exporter/identity/token_file.h"
#include "exporter/settings/message_text.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days kUnusedLife{90};
constexpr std::chrono::seconds kLockPatience{10};

int wrong(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 2;
}

// What would keep the token from being stored, found before anybody signs in for nothing. That the
// folder is there, and nobody else's, is seen when the configuration is read.
std::optional<std::string> complaint_about_place(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    return "the refresh token cannot be stored in " + path_text(folder) + ": " +
           std::generic_category().message(errno) +
           "; run this command as the user who runs the exporter, or as root";
  }
  return std::nullopt;
}

// One account's sign-in, from the first word to the stored token.
class Login {
 public:
  Login(const CommandLine& command_line, const Settings& settings, const AccountSettings& account)
      : command_line_(command_line),
        account_(account),
        application_{.login = account.endpoints.login,
                     .tenant_id = std::string(account.tenant_id.text()),
                     .client_id = account.client_id,
                     .resource = account.endpoints.resource},
        flow_(command_line.device_code ? SignInFlow::kDeviceCode : SignInFlow::kAuthorizationCode),
        governor_(clock_, {.requests_per_minute = settings.limits.requests_per_minute,
                           .concurrency = settings.limits.concurrency}),
        telemetry_(registry_, account.name, {"token", kFirstCallOperation}),
        transport_(transport_options(account.network, build_info().version)),
        credential_(account.client_id, account.credential),
        endpoint_(parts(), application_.login, application_.tenant_id) {}

  int run(std::stop_token stop);

 private:
  TokenEndpoint::Parts parts() { return {transport_, governor_, clock_, telemetry_}; }
  bool is_public() const {
    return flow_ == SignInFlow::kDeviceCode || !credential_.is_confidential();
  }

  void say_what_begins();
  Result<TokenAnswer> sign_in(std::stop_token stop);
  void say_what_is_good(const AccessTokenClaims& claims);
  bool try_it(const TokenAnswer& answer, std::stop_token stop);
  Status store(TokenAnswer answer, const AccessTokenClaims& claims, std::stop_token stop);
  void say_what_is_next();

  int refused(const Error& error, const std::string& advice = {});
  void good(const std::string& text) {
    terminal_.line(terminal_.coloured(Colour::kGreen, "ok") + "    " + text);
  }
  void doubtful(const std::string& text) {
    terminal_.line(terminal_.coloured(Colour::kYellow, "note") + "  " + text);
  }

  const CommandLine& command_line_;
  const AccountSettings& account_;
  const Application application_;
  const SignInFlow flow_;
  Terminal terminal_;
  SystemClock clock_;
  prometheus::Registry registry_;
  Governor governor_;
  ApiTelemetry telemetry_;
  CurlTransport transport_;
  ClientCredential credential_;
  TokenEndpoint endpoint_;
};

int Login::refused(const Error& error, const std::string& advice) {
  terminal_.progress({});
  if (error.kind == ErrorKind::kCancelled) {
    std::fputs("Given up; nothing was stored.\n", stderr);
    return 1;
  }
  std::string text = "\nNot signed in: " + error.message;
  if (!text.ends_with('.')) text += '.';
  if (!advice.empty()) text += "\n" + advice;
  text += "\nNothing was stored.\n";
  std::fputs(text.c_str(), stderr);
  return 1;
}

void Login::say_what_begins() {
  terminal_.line(terminal_.coloured(Colour::kBold, "Signing in for the account " + account_.name));
  terminal_.line("   tenant       " + application_.tenant_id);
  terminal_.line("   application  " + application_.client_id +
                 (is_public() ? ", a public client" : ", with its credential"));
  terminal_.line("   at           " + application_.login);
  if (flow_ == SignInFlow::kDeviceCode && credential_.is_confidential()) {
    terminal_.line();
    doubtful(
        "A sign-in by device code is always a public client's: the credential in the\n      "
        "configuration is not used for its token, and not needed.");
  }
}

Result<TokenAnswer> Login::sign_in(std::stop_token stop) {
  if (flow_ == SignInFlow::kDeviceCode) {
    DeviceCodeSignIn sign_in(endpoint_, clock_, application_);
    return sign_in_by_device_code(sign_in, terminal_, std::move(stop));
  }
  return sign_in_by_browser(
      {.application = application_,
       .credential = is_public() ? nullptr : &credential_,
       .port = command_line_.callback_port,
       .open_browser = !command_line_.no_browser && terminal_.is_terminal() && has_screen()},
      endpoint_, clock_, terminal_, std::move(stop));
}

void Login::say_what_is_good(const AccessTokenClaims& claims) {
  terminal_.line();
  good("Signed in" + (claims.user.empty() ? std::string() : " as " + claims.user) + ".");
  if (!claims.tenant_id.empty()) good("The tenant is the configured one.");
  good("The permission user_impersonation is granted.");
  if (claims.mfa()) {
    good("It was a sign-in with multi-factor authentication.");
  } else {
    doubtful(
        "It was a sign-in without multi-factor authentication, or none that shows. Partner Center\n"
        "      refuses such tokens sooner or later (401, code 900421).");
  }
}

// Whether Partner Center lets the token in, or may do so later.
bool Login::try_it(const TokenAnswer& answer, std::stop_token stop) {
  terminal_.progress("Asking Partner Center…");
  const auto called =
      first_call(parts(), account_.endpoints.api, answer.access_token, std::move(stop));
  if (called) {
    good("Partner Center answers.");
    if (called->mfa_compliant == false) {
      doubtful(
          "Partner Center counts this sign-in as one without multi-factor authentication, and "
          "will\n"
          "      refuse it sooner or later.");
    }
    return true;
  }
  const Error& error = called.error();
  if (is_about_the_token(error.kind)) {
    refused(error);
    return false;
  }
  switch (error.kind) {
    case ErrorKind::kCancelled:
      refused(error);
      return false;
    case ErrorKind::kForbidden:
      doubtful(
          "Partner Center knows the user, but refuses the call: " + error.message +
          ".\n      Give the user a role in Partner Center; it may take an hour to be seen. The "
          "token is good and\n      is stored.");
      return true;
    default:
      doubtful("Partner Center could not be asked: " + error.message +
               ".\n      The sign-in itself is good, so the token is stored; the exporter goes on "
               "trying.");
      return true;
  }
}

Status Login::store(TokenAnswer answer, const AccessTokenClaims& claims, std::stop_token stop) {
  const TokenFile file(account_.refresh_token_file);
  const auto lock = file.lock(clock_, kLockPatience, std::move(stop));
  if (!lock) return lock.error();
  const WallTime now = clock_.wall();
  return file.write(
      {.refresh_token = std::move(answer.refresh_token),
       .authority = application_.login,
       .tenant_id = application_.tenant_id,
       .client_id = application_.client_id,
       .client_type = is_public() ? ClientType::kPublic : ClientType::kConfidential,
       .scope = answer.scope,
       .flow = flow_ == SignInFlow::kDeviceCode ? "device_code" : "authorization_code",
       .user = claims.user,
       .methods = claims.methods,
       .signed_in_at = now,
       .rotated_at = now});
}

void Login::say_what_is_next() {
  good("Stored in " + path_text(account_.refresh_token_file) + ", for its owner only (mode 0600).");
  terminal_.line();
  terminal_.line("A running exporter finds the new token by itself. If none runs, start it:");
  terminal_.line("   partner_center_exporter --config.file=" +
                 shell_word(command_line_.config_file.string()));
  terminal_.line("The token is good until " + utc_day(clock_.wall() + kUnusedLife) +
                 ", 90 days from its last use; a running exporter keeps renewing it.");
}

int Login::run(std::stop_token stop) {
  say_what_begins();
  auto answer = sign_in(stop);
  if (!answer) {
    Error error = answer.error();
    const SignInRefusal refusal = sign_in_refusal(error, flow_);
    error.message = refusal.message;
    return refused(error, refusal.advice);
  }
  const auto claims = check_sign_in(*answer, {.tenant_id = application_.tenant_id,
                                              .resource = application_.resource,
                                              .mfa = !command_line_.allow_no_mfa});
  if (!claims) return refused(claims.error());
  say_what_is_good(*claims);
  if (!try_it(*answer, stop)) return 1;
  const auto stored = store(std::move(*answer), *claims, std::move(stop));
  if (!stored) return refused(stored.error());
  say_what_is_next();
  return 0;
}

}  // namespace

int login(const CommandLine& command_line) {
  const Interruption interruption;
  set_up_log(LogLevel::kWarn, LogFormat::kLogfmt);
  const auto settings = load_settings(command_line.config_file);
  if (!settings) return wrong(settings.error().message);
  const auto findings = check_credentials(*settings, SystemClock().wall());
  if (!findings.mistakes.empty()) {
    const std::string file = path_text(command_line.config_file);
    return wrong(settings_error(file, findings.mistakes).message);
  }
  const auto account = chosen_account(*settings, command_line.account);
  if (!account) return wrong("partner_center_exporter: " + account.error().message);
  if (const auto why = complaint_about_place((*account)->refresh_token_file))
    return wrong("partner_center_exporter: " + *why);
  return Login(command_line, *settings, **account).run(interruption.token());
}

}  // namespace pce
