#include "exporter/settings/doubts.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "exporter/settings/duration.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

constexpr std::chrono::hours kShortestSensible{1};
constexpr int kDocumentedRate = 500;

bool is_microsofts(const AccountSettings& account) { return account.cloud != Cloud::kCustom; }

std::string doubt_about_expiry(const Settings& settings) {
  const std::string twice = duration_text(2 * settings.interval);
  if (settings.stale_after == settings.interval) {
    return "is as long as interval, so every sample goes away just before it is read again; at "
           "least " +
           twice + " leaves room";
  }
  return "is less than two intervals, so one failed reading makes samples go away; at least " +
         twice + " leaves room for one";
}

bool is_missing(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::symlink_status(path, ignored).type() ==
         std::filesystem::file_type::not_found;
}

// A token that a person is still to get, by signing in.
void doubt_tokens(const Settings& settings, std::vector<SettingDoubt>& doubts) {
  for (std::size_t i = 0; i < settings.accounts.size(); ++i) {
    const AccountSettings& account = settings.accounts[i];
    if (!is_missing(account.refresh_token_file)) continue;
    std::string command = "partner_center_exporter login";
    if (settings.accounts.size() > 1) command += " --account=" + shell_word(account.name);
    doubts.push_back({"accounts[" + std::to_string(i) + "].refresh_token_file",
                      path_text(account.refresh_token_file) +
                          " is not there yet, and nothing is read without it: sign in with " +
                          command});
  }
}

}  // namespace

std::vector<SettingDoubt> doubts_about(const Settings& settings) {
  std::vector<SettingDoubt> doubts;
  doubt_tokens(settings, doubts);
  const bool asks_microsoft = std::ranges::any_of(settings.accounts, is_microsofts);
  if (asks_microsoft && settings.interval < kShortestSensible) {
    doubts.push_back({"insights.interval",
                      duration_text(settings.interval) +
                          " is far below what Partner Center renews: its insights change once a "
                          "day at best, so most calls bring the same again; 6h is the default"});
  }
  if (settings.stale_after < 2 * settings.interval)
    doubts.push_back({"insights.stale_after",
                      duration_text(settings.stale_after) + " " + doubt_about_expiry(settings)});
  if (asks_microsoft && settings.limits.requests_per_minute > kDocumentedRate) {
    doubts.push_back({"limits.requests_per_minute",
                      std::to_string(settings.limits.requests_per_minute) +
                          " is more than Partner Center documents for any of its resources (500 a "
                          "minute); what it refuses costs a pause for the whole account"});
  }
  return doubts;
}

}  // namespace pce
