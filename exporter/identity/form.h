#pragma once
// What is posted to the identity platform. Source: RFC 6749 appendix B,
// application/x-www-form-urlencoded.
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/secret.h"

namespace pce {

struct FormField {
  std::string_view name;
  Secret value;         // a field without content is left out
  bool secret = false;  // must not be repeated in any message
};

// Every byte but RFC 3986's unreserved ones percent-encoded.
Secret form_body(const std::vector<FormField>& fields);
std::string percent_encoded(std::string_view text);
// What percent_encoded() made, and "+" as a space; a "%" that introduces no byte stays as it is.
std::string percent_decoded(std::string_view text);

}  // namespace pce
