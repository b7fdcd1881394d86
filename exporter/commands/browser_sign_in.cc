#include "exporter/commands/browser_sign_in.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <utility>

#include "exporter/commands/browser.h"
#include "exporter/commands/pasted_lines.h"
#include "exporter/commands/sign_in_listener.h"
#include "exporter/http/retry.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "HOST";
  return name.data();
}

void explain(const SignInListener& listener, bool opened, bool pasting, Terminal& terminal) {
  const std::string port = std::to_string(listener.port());
  terminal.line();
  terminal.line(opened ? "1. Your browser has been asked to open this address; if it did not, open "
                         "it yourself:"
                       : "1. Open this address in a browser:");
  terminal.line();
  terminal.line(listener.sign_in().address());
  terminal.line();
  terminal.line(
      "2. Sign in there as the user the exporter is to act for, one with a role in Partner "
      "Center,\n"
      "   and with multi-factor authentication.");
  terminal.line("3. The browser then comes back to " + listener.sign_in().redirect_uri() +
                ", and this command goes on by itself.");
  terminal.line();
  terminal.line("If the browser runs on another machine, there are two ways back:");
  terminal.line("   - forward the port before you sign in:  " +
                terminal.coloured(Colour::kBold,
                                  "ssh -L " + port + ":127.0.0.1:" + port + " " + host_name()));
  if (pasting) {
    terminal.line(
        "   - or sign in, copy the address of the page that cannot be shown, and paste it here\n"
        "     with Enter behind it (what you paste is not shown).");
  } else {
    terminal.line(
        "   - or run this command in a terminal, where the address of the page that cannot be\n"
        "     shown can be pasted.");
  }
  terminal.line();
}

Error timed_out(const SignInListener& listener, milliseconds patience) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(patience).count();
  return {.kind = ErrorKind::kTimeout,
          .message = "nobody came back from signing in within " + std::to_string(minutes) +
                     " minutes. If the page said AADSTS50011, the application lacks the redirect "
                     "URI http://localhost (README, \"Point it at the real Partner Center\"); if "
                     "the browser could not show " +
                     listener.sign_in().redirect_uri() +
                     ", run the command again, and paste that address or forward the port"};
}

Result<RedirectAnswer> wait_for_answer(SignInListener& listener, PastedLines& pasted,
                                       milliseconds patience, Terminal& terminal,
                                       std::stop_token stop) {
  const Wake stopped;
  const std::stop_callback wake_up(stop, [&stopped] { stopped.set(); });
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto answer = listener.answer()) return std::move(*answer);
    if (stop.stop_requested())
      return Error{.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"};
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) return timed_out(listener, patience);
    std::array<pollfd, 3> wanted{{{.fd = listener.answered(), .events = POLLIN, .revents = 0},
                                  {.fd = stopped.descriptor(), .events = POLLIN, .revents = 0},
                                  {.fd = pasted.descriptor(), .events = POLLIN, .revents = 0}}};
    if (poll(wanted.data(), wanted.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) {
      return Error{.kind = ErrorKind::kInternal,
                   .message = "waiting for the browser failed, errno " + std::to_string(errno)};
    }
    if (wanted[2].revents == 0) continue;
    pasted.read();
    while (const auto line = pasted.next()) {
      const Secret redirected(*line);
      const auto taken = listener.take(redirected.reveal());
      if (!taken) terminal.line("Not taken: " + taken.error().message + ".");
    }
  }
}

Result<TokenAnswer> redeem(const BrowserSignIn& wanted, const std::vector<FormField>& form,
                           TokenEndpoint& endpoint, Clock& clock, Terminal& terminal,
                           std::stop_token stop) {
  constexpr RetryPolicy kPatience{.attempts = 3, .first_wait = milliseconds(2000)};
  constexpr std::chrono::minutes kCodeLife{10};
  for (int attempts = 1;;) {
    auto answer = wanted.credential != nullptr ? endpoint.ask(form, *wanted.credential, stop)
                                               : endpoint.ask(form, stop);
    if (answer) return answer;
    const auto wait = wait_before(++attempts, answer.error(), kPatience, 0.5);
    if (!wait || *wait > kCodeLife) return answer;
    terminal.progress("The identity platform cannot be asked just now, trying again…");
    if (!clock.wait_until(clock.steady() + *wait, stop))
      return Error{.kind = ErrorKind::kCancelled, .message = "given up, we are stopping"};
  }
}

}  // namespace

Result<TokenAnswer> sign_in_by_browser(const BrowserSignIn& wanted, TokenEndpoint& endpoint,
                                       Clock& clock, Terminal& terminal, std::stop_token stop) {
  auto started = SignInListener::start(wanted.application, wanted.port);
  if (!started) return started.error();
  SignInListener& listener = **started;
  Result<RedirectAnswer> answer = Error{};
  {
    PastedLines pasted(wanted.input);
    const bool opened = wanted.open_browser && open_browser(listener.sign_in().address());
    explain(listener, opened, pasted.descriptor() >= 0, terminal);
    terminal.line("Waiting for the browser; Ctrl-C gives up and changes nothing.");
    answer = wait_for_answer(listener, pasted, wanted.patience, terminal, stop);
  }
  if (!answer) return answer.error();
  if (answer->refused) return *answer->refused;

  return redeem(wanted, listener.sign_in().redemption(answer->code), endpoint, clock, terminal,
                std::move(stop));
}

}  // namespace pce
