#include "exporter/identity/token_custody.h"

#include <utility>

#include <sys/stat.h>

#include "exporter/base/utc_text.h"
#include "exporter/settings/message_text.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

using std::chrono::seconds;

constexpr std::chrono::days kUnusedMax{90};  // authentication.md section 3.1
// Longer than most redemptions take, shorter than an access token lives. Whoever holds the lock
// longer hangs, or waits for the sign-in service; two redemptions at once do no harm.
constexpr seconds kPatience{30};
constexpr seconds kBetweenWrites{30};

WallTime modified_at(const std::filesystem::path& file) {
  struct stat facts {};
  if (stat(file.c_str(), &facts) != 0) return {};
  return WallTime(seconds(facts.st_mtim.tv_sec));
}

}  // namespace

TokenRecord after_redemption(TokenRecord record, Redemption redemption, const TokenOwner& owner,
                             WallTime now) {
  if (record.authority.empty()) record.authority = owner.authority;
  if (record.tenant_id.empty()) record.tenant_id = owner.tenant_id;
  if (record.client_id.empty()) record.client_id = owner.client_id;
  record.client_type = client_type_of(record, owner);
  if (!redemption.scope.empty()) record.scope = std::move(redemption.scope);
  const bool rotated = !redemption.renewed.empty() && !(redemption.renewed == redemption.used);
  if (rotated) {
    record.refresh_token = std::move(redemption.renewed);
    record.previous = std::move(redemption.used);
    record.rotated_at = now;
  } else if (!(redemption.used == record.refresh_token)) {
    record.refresh_token = std::move(redemption.used);  // what it was renewed to is no good
    record.previous = Secret();
    record.rotated_at.reset();
  }
  return record;
}

TokenCustody::TokenCustody(Clock& clock, TokenFile file, TokenOwner owner)
    : clock_(clock), owner_(std::move(owner)), file_(std::move(file)) {}

Status TokenCustody::begin() {
  const auto record = newest();
  if (!record) {
    if (record.error().kind != ErrorKind::kUnauthorized) return record.error();
    log_warn("there is no refresh token yet", {{"error", record.error().message}});
    return Done{};
  }
  const WallTime end = end_of(*record);
  const std::string file = file_.path().string();
  const std::string day = utc_day(end);
  log_info("refresh token found", {{"file", file},
                                   {"client_type", name_of(client_type_of(*record, owner_))},
                                   {"ends_unless_renewed", day}});
  if (end < clock_.wall()) {
    log_warn(
        "the refresh token was not used for 90 days and has probably ended, it is tried anyway",
        {{"file", file}});
  }
  if (!file_.is_replaceable()) {
    log_warn(
        "the refresh token is in a read-only place: renewed ones live in memory only, and a "
        "restart "
        "after the end of the stored one needs a new sign-in",
        {{"file", file}, {"stored_one_ends", day}});
  }
  return Done{};
}

void TokenCustody::file_is(TokenFile file) {
  const std::scoped_lock lock(mutex_);
  if (file.path() == file_.path()) return;
  if (pending_) store();
  file_ = std::move(file);
  in_file_.reset();
  pending_.reset();
  said_ = false;
  if (!look()) publish_ends();  // whoever wants it hears what is wrong with it
}

TokenFile TokenCustody::file() {
  const std::scoped_lock lock(mutex_);
  return file_;
}

Result<TokenLock> TokenCustody::lock(std::stop_token stop) {
  return file().lock(clock_, kPatience, std::move(stop));
}

Result<TokenRecord> TokenCustody::newest() {
  const std::scoped_lock lock(mutex_);
  return look();
}

Result<TokenRecord> TokenCustody::look() {
  auto read = file_.read();
  if (!read) {
    if (pending_) return *pending_;
    return read;
  }
  if (auto why = complaint_about_owner(*read, owner_))
    return with_context(std::move(*why), "refresh token file " + path_text(file_.path()));
  if (pending_ && (in_file_ == *read || pending_ == *read)) return *pending_;
  pending_.reset();
  in_file_ = *read;
  publish_ends();
  return read;
}

std::optional<Error> TokenCustody::keep(TokenRecord record) {
  const std::scoped_lock lock(mutex_);
  const auto read = file_.read();
  if (read && !(in_file_ == *read) && !(pending_ == *read))
    return std::nullopt;  // somebody signed in while we were asking
  if (read && !pending_ && *read == record) return std::nullopt;
  pending_ = std::move(record);
  return store();
}

std::optional<Error> TokenCustody::store() {
  const Status written = file_.write(*pending_);
  if (written) {
    in_file_ = std::exchange(pending_, std::nullopt);
    if (std::exchange(said_, false))
      log_info("the refresh token is stored again", {{"file", file_.path().string()}});
  } else if (!std::exchange(said_, true)) {
    log_warn(
        "the new refresh token could not be stored and lives in memory only; a restart after the "
        "end of the stored one needs a new sign-in",
        {{"error", written.error().message},
         {"stored_one_ends", in_file_ ? utc_day(end_of(*in_file_)) : "never stored"}});
  }
  publish_ends();
  if (written) return std::nullopt;
  return written.error();
}

void TokenCustody::store_when_possible(std::stop_token stop) {
  while (clock_.wait_until(clock_.steady() + kBetweenWrites, stop)) {
    {
      const std::scoped_lock lock(mutex_);
      if (!pending_) continue;
    }
    const auto file_lock = file().lock(clock_, seconds(0), stop);
    if (!file_lock || file_lock->busy()) continue;  // whoever holds it is about to write
    const std::scoped_lock lock(mutex_);
    if (look() && pending_) store();
  }
}

void TokenCustody::publish_ends() {
  CredentialEnds ends{.refresh_token_stored = !pending_};
  if (pending_ || in_file_) ends.refresh_token = end_of(pending_ ? *pending_ : *in_file_);
  const std::scoped_lock lock(ends_mutex_);
  ends_ = ends;
}

CredentialEnds TokenCustody::ends() const {
  const std::scoped_lock lock(ends_mutex_);
  return ends_;
}

WallTime TokenCustody::end_of(const TokenRecord& record) const {
  const auto issued = record.rotated_at ? record.rotated_at : record.signed_in_at;
  return issued.value_or(modified_at(file_.path())) + kUnusedMax;
}

}  // namespace pce
