#include "exporter/commands/device_sign_in.h"

#include <string>

namespace pce {

Result<TokenAnswer> sign_in_by_device_code(DeviceCodeSignIn& sign_in, Terminal& terminal,
                                           std::stop_token stop) {
  const auto code = sign_in.begin(stop);
  if (!code) return code.error();
  terminal.line();
  if (!code->message.empty()) {
    terminal.line(harmless(code->message));
    terminal.line();
  }
  terminal.line("   page  " + terminal.coloured(Colour::kBold, harmless(code->verification_uri)));
  terminal.line("   code  " + terminal.coloured(Colour::kBold, harmless(code->user_code)));
  terminal.line();
  terminal.line(
      "Sign in there as the user the exporter is to act for, one with a role in Partner Center, "
      "and\n"
      "with multi-factor authentication. The page names the application; go on only if you "
      "started\n"
      "this yourself. If the page refuses (AADSTS53003 and the like), your tenant blocks this "
      "kind\n"
      "of sign-in: run the command again without --device-code.");
  terminal.line();
  terminal.line("Waiting for the sign-in; Ctrl-C gives up and changes nothing.");
  return sign_in.wait(*code, std::move(stop), [&terminal](std::chrono::seconds left) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(left).count();
    terminal.progress("The code is good for " + std::to_string(minutes) +
                      (minutes == 1 ? " more minute" : " more minutes"));
  });
}

}  // namespace pce
