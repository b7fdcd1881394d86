#include "tests/simulator/device_codes.h"

#include <algorithm>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

constexpr std::chrono::hours kRemembered{24};
// What RFC 8628 3.5 tells a client to add, so it is what we expect afterwards.
constexpr std::chrono::seconds kSlowDown{5};

// Nine characters nobody mistakes for others.
std::string spell_user_code(std::uint64_t number) {
  static constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  std::string out;
  for (int i = 0; i < 9; ++i) {
    out += kLetters[number % kLetters.size()];
    number /= kLetters.size();
  }
  return out;
}

// People type codes with spaces, hyphens and in any case.
std::string typed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '-') out += c;
  }
  return ascii_lower(out);
}

}  // namespace

DeviceCodes::Pair DeviceCodes::issue(const std::string& client, const std::string& tenant,
                                     const std::string& scope, std::chrono::milliseconds lifetime,
                                     std::chrono::milliseconds interval, Instant now) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(codes_, [&](const auto& one) { return one.second.expires + kRemembered < now; });
  const std::uint64_t number = hash_text(
      client, mix(static_cast<std::uint64_t>(now.time_since_epoch().count()) + ++issued_));
  Pair pair{.device_code = fmt::format("SIM-DEVICE.{:016x}{:016x}", number, mix(number)),
            .user_code = spell_user_code(mix(number + 1))};
  Code& code = codes_[pair.device_code];
  code.user_code = pair.user_code;
  code.client = client;
  code.tenant = tenant;
  code.scope = scope;
  code.issued = code.last_poll = now;
  code.expires = now + lifetime;
  code.interval = interval;
  return pair;
}

DeviceCodes::Code* DeviceCodes::by_user_code(const std::string& user_code) {
  const auto found = std::ranges::find_if(
      codes_, [&](const auto& one) { return typed(one.second.user_code) == typed(user_code); });
  return found == codes_.end() ? nullptr : &found->second;
}
const DeviceCodes::Code* DeviceCodes::by_user_code(const std::string& user_code) const {
  const auto found = std::ranges::find_if(
      codes_, [&](const auto& one) { return typed(one.second.user_code) == typed(user_code); });
  return found == codes_.end() ? nullptr : &found->second;
}

DeviceCodes::Asking DeviceCodes::find(const std::string& user_code, Instant now) const {
  const std::scoped_lock lock(mutex_);
  const Code* code = by_user_code(user_code);
  if (code == nullptr) return {90119, "", ""};
  if (code->state != State::kPending) return {90120, "", ""};
  if (now >= code->expires) return {70019, "", ""};
  return {0, code->client, code->tenant};
}

void DeviceCodes::decline(const std::string& user_code) {
  const std::scoped_lock lock(mutex_);
  if (Code* code = by_user_code(user_code)) code->state = State::kDeclined;
}

void DeviceCodes::approve(const std::string& user_code, const Grant& grant) {
  const std::scoped_lock lock(mutex_);
  Code* code = by_user_code(user_code);
  if (code == nullptr) return;
  code->state = State::kApproved;
  code->grant = grant;
}

DeviceCodes::Poll DeviceCodes::poll(const std::string& device_code, const std::string& client,
                                    const std::string& tenant, Instant now) {
  const std::scoped_lock lock(mutex_);
  const auto found = codes_.find(device_code);
  if (found == codes_.end() || !same_text(found->second.client, client) ||
      !same_text(found->second.tenant, tenant)) {
    return {"bad_verification_code", 70018, {}, ""};
  }
  Code& code = found->second;
  if (code.state == State::kUsed) return {"invalid_grant", 54005, {}, ""};
  if (code.state == State::kDeclined) return {"authorization_declined", 65004, {}, ""};
  if (now >= code.expires) return {"expired_token", 70019, {}, ""};
  const bool early = now - code.last_poll < code.interval;
  code.last_poll = now;
  if (early) {
    code.interval += kSlowDown;
    return {"slow_down", 70016, {}, ""};
  }
  if (code.state == State::kPending) return {"authorization_pending", 70016, {}, ""};
  code.state = State::kUsed;
  return {"", 0, code.grant, code.scope};
}

void DeviceCodes::reset() {
  const std::scoped_lock lock(mutex_);
  codes_.clear();
}

}  // namespace simulator
