#pragma once
// What can be switched while the simulator runs (POST /_sim/settings) and by command line. Any
// thread.
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace simulator {

struct Settings {
  std::chrono::milliseconds latency{0};  // real time, before every answer but those of /_sim
  std::chrono::milliseconds token_lifetime{3'600'000};  // simulated time
  std::optional<unsigned>
      requests_per_minute;  // simulated minutes, per partner tenant; absent: no limit
  bool enforce_mfa = true;
  bool mfa = true;  // whether sign-ins ask for a second factor and tokens tell it
  bool rotate_refresh_tokens = true;
  // The identity platform; lifetimes are simulated time.
  bool public_flows = true;                 // "Allow public client flows" of the registration
  std::string account = "active";           // of the user
  std::string consent = "granted";          // granted | required | admin
  std::string conditional_access = "none";  // none | require_mfa | block | block_device_code
  std::string client_credential = "valid";  // valid | expired
  std::string redirect_type = "any";        // any | native | web | spa: type of the redirect URI
  std::chrono::milliseconds refresh_token_lifetime = std::chrono::hours(24 * 90);
  std::chrono::milliseconds authorization_code_lifetime = std::chrono::minutes(10);
  std::chrono::milliseconds device_code_lifetime = std::chrono::minutes(15);
  std::chrono::milliseconds device_code_interval = std::chrono::seconds(5);
  std::optional<std::chrono::milliseconds> sign_in_frequency{};  // absent: no policy
  std::optional<unsigned> loop_limit{};    // identical token requests in a row; absent: not counted
  std::string unknown_customer = "20002";  // or 60003
  std::string commercial_prefix = "both";  // both | partner | plain; the other answers 404
  std::string commercial_slash = "both";   // both | with | without
  std::string bad_question = "3000";       // or 800002: of a commercial query nobody can answer
  std::string next_link =
      "last_segment";  // null | absolute | root_relative | last_segment | repeat | other_host
  std::string customers_link =
      "versioned";  // versioned | unversioned | absolute | repeat | other_host
  std::string partner_usage =
      "documented";  // documented: the five printed rows | computed: from the estate
  nlohmann::json variant = nlohmann::json::object();  // applies to every answer
};

// Changes `settings` by the members of `object`; empty when fine, otherwise what is wrong (and
// nothing is changed).
std::string apply_settings(const nlohmann::json& object, Settings& settings);
nlohmann::ordered_json describe(const Settings& settings);

class SettingsHolder {
 public:
  explicit SettingsHolder(Settings settings) : initial_(settings), current_(std::move(settings)) {}
  Settings get() const {
    const std::scoped_lock lock(mutex_);
    return current_;
  }
  std::string apply(const nlohmann::json& object) {
    const std::scoped_lock lock(mutex_);
    return apply_settings(object, current_);
  }
  void reset() {
    const std::scoped_lock lock(mutex_);
    current_ = initial_;
  }

 private:
  mutable std::mutex mutex_;
  const Settings initial_;
  Settings current_;
};

}  // namespace simulator
