#pragma once
// One step of a person's sign-in: what was sent with a form, and what the page has to do next.
#include <string>

#include "tests/simulator/grant.h"
#include "tests/simulator/settings.h"
#include "tests/simulator/text.h"

namespace simulator {

struct SignIn {
  enum class Next { kShowForm, kShowConsent, kDeclined, kGranted };
  Next next = Next::kShowForm;
  std::string complaint;  // above the form; empty the first time
  std::string user;
  bool second_factor = false;
  bool consented = false;

  // What the consent page carries on, because nothing is remembered between pages.
  Fields hidden() const;
  Grant grant(const std::string& tenant, const std::string& client, Flow flow, Instant now) const;
};

// `form` is empty when the page is opened. `consent` shows the consent page whatever the settings
// say.
SignIn judge_sign_in(const Fields& form, Flow flow, bool consent, const Settings& settings);

}  // namespace simulator
