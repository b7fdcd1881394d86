#pragma once
// The identity platform's pages: plain forms that work without scripts, with the ids of their
// fields equal to their names, so that a test can fill them in.
#include <string>
#include <string_view>

#include "tests/simulator/message.h"

namespace simulator {

// All of them post to their own address. An empty complaint is left out.
struct SignInForm {
  std::string application;  // client id
  std::string user;         // what the field loginfmt begins with
  bool asks_for_second_factor = false;
  std::string complaint;
  Fields hidden;
};
// Fields loginfmt, passwd, second_factor; buttons (name step) sign_in, cancel.
Response sign_in_page(const SignInForm& form);
// Buttons (name step) accept, cancel.
Response consent_page(const std::string& application, const Fields& hidden);
// Field user_code; button (name step) next.
Response user_code_page(const std::string& complaint);
Response message_page(int status, std::string_view title, std::string_view text);
// A form with these hidden fields for another address, and one button (id continue).
Response posting_page(const std::string& address, const Fields& hidden);

}  // namespace simulator
