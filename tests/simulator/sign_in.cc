#include "tests/simulator/sign_in.h"

#include <fmt/format.h>

#include "tests/simulator/aadsts.h"
#include "tests/simulator/sign_in_policy.h"

namespace simulator {
namespace {

std::string complaint_of(int number) {
  return fmt::format("AADSTS{}: {}", number, refusal_of(number).text);
}

}  // namespace

Fields SignIn::hidden() const {
  Fields fields{{"loginfmt", user}};
  if (second_factor) fields.emplace_back("second_factor", "yes");
  return fields;
}

Grant SignIn::grant(const std::string& tenant, const std::string& client, Flow flow,
                    Instant now) const {
  return {.tenant = ascii_lower(tenant),
          .client = client,
          .user = user,
          .kind = ClientKind::kUnknown,
          .flow = flow,
          .mfa = second_factor,
          .consented = consented,
          .signed_in = now};
}

SignIn judge_sign_in(const Fields& form, Flow flow, bool consent, const Settings& settings) {
  SignIn out;
  const std::string step = find_field(form, "step").value_or("");
  if (step == "cancel") {
    out.next = SignIn::Next::kDeclined;
    return out;
  }
  if (step != "sign_in" && step != "accept") return out;
  out.user = find_field(form, "loginfmt").value_or("");
  out.second_factor = asks_for_second_factor(settings) && find_field(form, "second_factor");
  // The password was asked for on the page before the consent page.
  const bool password = step == "accept" || !find_field(form, "passwd").value_or("").empty();
  if (out.user.empty() || !password) {
    out.complaint = complaint_of(50126);
  } else if (asks_for_second_factor(settings) && !out.second_factor) {
    out.complaint = complaint_of(50074);
  } else if (const int number = blocks_sign_in(settings, flow); number != 0) {
    out.complaint = complaint_of(number);
  } else {
    out.consented = step == "accept";
    const bool ask = (consent || asks_for_consent(settings)) && !out.consented;
    out.next = ask ? SignIn::Next::kShowConsent : SignIn::Next::kGranted;
  }
  return out;
}

}  // namespace simulator
