#include "exporter/web/credentials.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "exporter/base/random_bytes.h"

namespace pce {
namespace {

Secret new_key() {
  auto bytes = random_bytes(32);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return Secret(std::move(*bytes));
}

}  // namespace

Credentials::Credentials(std::vector<WebUser> users, const Clock& clock, LoginLimits limits)
    : book_(std::move(users)),
      clock_(clock),
      limits_(limits),
      key_(new_key()),
      clients_(limits.hashes_per_client) {
  for (unsigned i = 0; i < std::max(1U, limits_.hashes_at_once); ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

Credentials::~Credentials() { close(); }

void Credentials::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  std::map<std::string, Waiting> left;
  {
    const std::scoped_lock lock(mutex_);
    left.swap(waiting_);
  }
  for (const auto& [fingerprint, waiting] : left) {
    for (const Later& later : waiting.later) later(LoginVerdict::kBusy);
  }
}

std::optional<LoginVerdict> Credentials::check(std::string_view authorization,
                                               std::string_view client, Later later) {
  auto login = read_basic_authorization(authorization);
  if (!login) return LoginVerdict::kRefused;
  if (login->password.reveal().size() > BcryptHash::kPasswordBytesMax) {
    return LoginVerdict::kTooLong;
  }
  const std::string fingerprint = book_.fingerprint(*login, key_);
  const std::scoped_lock lock(mutex_);
  if (closed_) return LoginVerdict::kBusy;
  if (accepted_.contains(fingerprint)) return LoginVerdict::kAccepted;
  if (refused_.contains(fingerprint)) return LoginVerdict::kRefused;
  if (const auto same = waiting_.find(fingerprint); same != waiting_.end()) {
    same->second.later.push_back(std::move(later));
    return std::nullopt;
  }
  if (queue_.size() >= limits_.hashes_waiting || !clients_.take(client, clock_.steady())) {
    return LoginVerdict::kBusy;
  }
  Waiting waiting{.login = std::move(*login), .later = {}};
  waiting.later.push_back(std::move(later));
  waiting_.emplace(fingerprint, std::move(waiting));
  queue_.push_back(fingerprint);
  something_waits_.notify_one();
  return std::nullopt;
}

std::size_t Credentials::hashes() const {
  const std::scoped_lock lock(mutex_);
  return hashes_;
}

void Credentials::work(const std::stop_token& stop) {
  BcryptDesk desk;
  std::unique_lock lock(mutex_);
  while (something_waits_.wait(lock, stop, [this] { return !queue_.empty(); })) {
    const std::string fingerprint = std::move(queue_.front());
    queue_.pop_front();
    // A map's entries stay where they are, and only we take this one out.
    const NamedPassword& login = waiting_.at(fingerprint).login;
    lock.unlock();
    const bool admitted = book_.admits(login, desk);
    lock.lock();
    ++hashes_;
    if (admitted) {
      accepted_.insert(fingerprint);
    } else {
      keep_refusal(fingerprint);
    }
    auto done = waiting_.extract(fingerprint);
    lock.unlock();
    for (const Later& later : done.mapped().later) {
      later(admitted ? LoginVerdict::kAccepted : LoginVerdict::kRefused);
    }
    done = {};
    lock.lock();
    if (stop.stop_requested()) return;
  }
}

void Credentials::keep_refusal(const std::string& fingerprint) {
  if (limits_.refusals_kept == 0) return;
  while (refused_.size() >= limits_.refusals_kept) {
    refused_.erase(refused_in_order_.front());
    refused_in_order_.pop_front();
  }
  refused_.insert(fingerprint);
  refused_in_order_.push_back(fingerprint);
}

}  // namespace pce
