#pragma once
// The numbers and words of the identity platform's refusals, and who has to do what about them.
// Source: "AADSTS error codes", OAuth error object of the identity platform.
#include <string_view>

#include "exporter/base/result.h"

namespace pce {

// `kind` as of entra_error().
struct AadstsCode {
  int code;
  ErrorKind kind;
  const char* next_step;
};
struct OauthWord {
  std::string_view word;
  ErrorKind kind;
  const char* next_step;
};

// nullptr: not known.
const AadstsCode* aadsts_code(int code);
const OauthWord* oauth_word(std::string_view word);

}  // namespace pce
