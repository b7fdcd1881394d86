#include "exporter/commands/sign_in_advice.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace pce {
namespace {

struct Advice {
  std::string_view code;           // Error::api_code, or Error::api_word
  std::optional<SignInFlow> flow;  // none: either
  const char* text;
};

constexpr auto kBrowser = SignInFlow::kAuthorizationCode;
constexpr auto kDevice = SignInFlow::kDeviceCode;

constexpr const char* kBlockedDevice =
    "Many tenants block device code sign-in: run the command again without --device-code. "
    "Otherwise let an administrator look at the sign-in log.";
constexpr const char* kBlocked =
    "Let an administrator look at the sign-in log of the tenant: it names the policy. Signing in "
    "from a device or place that the policy accepts is enough.";
constexpr const char* kAgain = "Run the command again; the code is for one use and ten minutes.";
constexpr const char* kAdministrator =
    "Let an administrator press \"Grant admin consent\" under API permissions of the app "
    "registration, then run the command again.";
constexpr const char* kDeclined =
    "Run the command again, and accept what the page asks for if you want the exporter to act for "
    "you.";
constexpr const char* kSinglePage =
    "The redirect URI http://localhost is registered as \"Single-page application\". Register it "
    "under \"Mobile and desktop applications\" instead, or under \"Web\" where the account has a "
    "credential.";
constexpr const char* kOtherUser =
    "Run the command again and choose a user of the tenant that tenant_id names.";

// The first that fits counts.
constexpr std::array kAdvice{
    Advice{"AADSTS7000218", kDevice,
           "In the app registration, under Authentication, set \"Allow public client flows\" to "
           "Yes, or run the command again without --device-code."},
    Advice{"AADSTS7000218", kBrowser,
           "The redirect URI http://localhost is registered under \"Web\", whose sign-ins want the "
           "application's credential. Name it in the configuration (client_secret_file or "
           "client_certificate_file), or register http://localhost under \"Mobile and desktop "
           "applications\" instead."},
    Advice{"AADSTS700025", kBrowser,
           "The redirect URI http://localhost is registered under \"Mobile and desktop "
           "applications\", whose sign-ins take no credential. Take the credential out of the "
           "configuration, or register http://localhost under \"Web\" instead."},
    Advice{"AADSTS53003", kDevice, kBlockedDevice},
    Advice{"AADSTS53000", kDevice, kBlockedDevice},
    Advice{"AADSTS53001", kDevice, kBlockedDevice},
    Advice{"AADSTS53002", kDevice, kBlockedDevice},
    Advice{"AADSTS530032", kDevice, kBlockedDevice},
    Advice{"AADSTS530035", kDevice, kBlockedDevice},
    Advice{"AADSTS53003", kBrowser, kBlocked},
    Advice{"AADSTS53000", kBrowser, kBlocked},
    Advice{"AADSTS53001", kBrowser, kBlocked},
    Advice{"AADSTS53002", kBrowser, kBlocked},
    Advice{"AADSTS90094", std::nullopt, kAdministrator},
    Advice{"AADSTS90095", std::nullopt, kAdministrator},
    Advice{"AADSTS65001", std::nullopt, kAdministrator},
    Advice{"AADSTS9002327", std::nullopt, kSinglePage},
    Advice{"AADSTS700084", std::nullopt, kSinglePage},
    Advice{"AADSTS50020", std::nullopt, kOtherUser},
    Advice{"AADSTS50177", std::nullopt, kOtherUser},
    Advice{"AADSTS90072", std::nullopt, kOtherUser},
    Advice{"AADSTS50134", kDevice, kAgain},
    Advice{"AADSTS54005", std::nullopt, kAgain},
    Advice{"AADSTS70008", kBrowser, kAgain},
    Advice{"AADSTS50089", std::nullopt, kAgain},
    Advice{"AADSTS65004", std::nullopt, kDeclined},
    Advice{"authorization_declined", std::nullopt, kDeclined},
    Advice{"access_denied", std::nullopt, kDeclined},
    Advice{"expired_token", kDevice, "Run the command again; a code is good for 15 minutes."},
};

std::string advice_for(const Error& error, SignInFlow flow) {
  const auto fits = [&](const Advice& advice) {
    return (advice.code == error.api_code || advice.code == error.api_word) &&
           advice.flow.value_or(flow) == flow;
  };
  if (const auto found = std::ranges::find_if(kAdvice, fits); found != kAdvice.end())
    return found->text;
  const bool passes = error.kind == ErrorKind::kThrottled || error.kind == ErrorKind::kUpstream;
  return passes ? "Run the command again in a few minutes: this passes by itself." : "";
}

}  // namespace

SignInRefusal sign_in_refusal(const Error& error, SignInFlow flow) {
  SignInRefusal refusal{.message = error.message, .advice = advice_for(error, flow)};
  const bool has_next_step = !error.api_word.empty() || error.http_status != 0;
  const auto next_step = refusal.message.rfind("; ");
  if (!refusal.advice.empty() && has_next_step && next_step != std::string::npos)
    refusal.message.resize(next_step);
  return refusal;
}

}  // namespace pce
