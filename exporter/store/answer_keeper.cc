#include "exporter/store/answer_keeper.h"

#include <algorithm>
#include <utility>

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

constexpr auto kTellAgain = std::chrono::hours(1);

}  // namespace

std::vector<StoredAnswer> AnswerKeeper::recall(WallTime oldest) {
  ResponseLog::Found found;
  note(open(found));
  if (found.set_aside) note_set_aside(found);
  if (found.damaged > 0) {
    telemetry_.dropped("damaged", found.damaged);
    log_warn("Kept answers were damaged and are not used; they are read again when they are due",
             {{"storage", folder_.string()}, {"answers", found.damaged}});
  }
  std::erase_if(found.answers, [&](const StoredAnswer& answer) { return answer.fetched < oldest; });
  std::ranges::stable_sort(found.answers, {}, &StoredAnswer::fetched);
  // The new file has none of them yet.
  if (found.set_aside) std::ranges::for_each(found.answers, [this](const auto& a) { put(a); });
  add(ForgetOld{oldest});
  return std::move(found.answers);
}

AnswerKeeper::Subject AnswerKeeper::subject_of(const StoredAnswer& answer) {
  return {answer.account, answer.collector, answer.customer, !answer.held.empty()};
}

void AnswerKeeper::put(StoredAnswer answer) {
  const Subject subject = subject_of(answer);
  {
    const std::scoped_lock lock(mutex_);
    drop_waiting(subject);
    if (answer.held.empty()) {
      Subject other = subject;
      std::get<3>(other) = true;
      drop_waiting(other);
    }
    puts_[subject] = next_;
    waiting_.emplace(next_++, std::move(answer));
  }
  changed_.notify_one();
}

void AnswerKeeper::drop_waiting(const Subject& subject) {
  const auto known = puts_.find(subject);
  if (known == puts_.end()) return;
  waiting_.erase(known->second);
  puts_.erase(known);
}

void AnswerKeeper::forget(std::string account, std::string collector, std::string customer) {
  add(Forget{std::move(account), std::move(collector), std::move(customer)});
}

void AnswerKeeper::forget_others(std::string account, std::vector<std::string> customers) {
  std::ranges::sort(customers);
  add(ForgetOthers{std::move(account), std::move(customers)});
}

void AnswerKeeper::add(Change change) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.emplace(next_++, std::move(change));
  }
  changed_.notify_one();
}

std::size_t AnswerKeeper::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

void AnswerKeeper::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) break;
    }
    if (!write_one()) clock_.wait_until(clock_.steady() + kTryAgain, stop);
  }
  const SteadyTime end = clock_.steady() + kLastWords;
  while (waiting() > 0 && clock_.steady() < end && write_one()) {
  }
  if (const std::size_t left = waiting(); left > 0) {
    log_warn("Some answers could not be kept for the next start",
             {{"storage", folder_.string()}, {"answers", left}});
  }
  log_.reset();
}

bool AnswerKeeper::write_one() {
  Waiting::node_type change;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty()) return true;
    change = waiting_.extract(waiting_.begin());
    if (const auto* answer = std::get_if<StoredAnswer>(&change.mapped()))
      puts_.erase(subject_of(*answer));
  }
  const Status written = write(change.mapped());
  note(written);
  const std::scoped_lock lock(mutex_);
  if (!written) {
    const auto* const answer = std::get_if<StoredAnswer>(&change.mapped());
    const bool replaced = answer != nullptr && puts_.contains(subject_of(*answer));
    if (answer != nullptr && !replaced) puts_[subject_of(*answer)] = change.key();
    if (!replaced) waiting_.insert(std::move(change));
  }
  telemetry_.waiting(waiting_.size());
  return written.has_value();
}

// Nobody but us writes there, so whatever our seal opens was all written under it. Where there is
// nothing of that kind, what is in the file or was set aside may name whom it should not.
Status AnswerKeeper::open(ResponseLog::Found& found) {
  auto log = ResponseLog::open(folder_, clock_.wall(), &found);
  if (!log) return log.error();
  const std::size_t kept = found.answers.size();
  const bool ours = unseal(found.answers) && (!seal_ || kept > 0);
  if (!ours) {
    found = {};
    if (auto anew = (*log)->begin_anew(); !anew) return anew;
    telemetry_.dropped("key", kept);
    if (kept > 0) {
      log_warn(
          "What was kept under another metrics.customer_key_file or customer_label is removed; "
          "everything is read again",
          {{"storage", folder_.string()}, {"answers", kept}});
    }
  }
  log_ = *std::move(log);
  telemetry_.size(log_->bytes());
  return Done();
}

// False where one of them cannot be opened, or should not be sealed.
bool AnswerKeeper::unseal(std::vector<StoredAnswer>& answers) const {
  for (StoredAnswer& answer : answers) {
    for (PackedText& body : answer.bodies) {
      if (seal_) {
        auto opened = seal_->open(body.deflated);
        if (!opened) return false;
        body.deflated = *std::move(opened);
      } else if (is_sealed(body.deflated)) {
        return false;
      }
    }
  }
  return true;
}

Status AnswerKeeper::reopen() {
  ResponseLog::Found found;
  if (auto opened = open(found); !opened) return opened;
  if (found.set_aside) {
    note_set_aside(found);
    for (StoredAnswer& answer : found.answers) {
      const Subject subject = subject_of(answer);
      const std::scoped_lock lock(mutex_);
      // What waits is newer.
      if (puts_.contains(subject)) continue;
      puts_[subject] = next_;
      waiting_.emplace(next_++, std::move(answer));
    }
  }
  return Done();
}

Status AnswerKeeper::write(const Change& change) {
  if (!log_) {
    if (auto opened = reopen(); !opened) return opened;
  }
  const auto done = std::visit(
      [this](const auto& what) -> Status {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, StoredAnswer>) return write(what);
        if constexpr (std::is_same_v<What, Forget>)
          return log_->forget(what.account, what.collector, what.customer);
        if constexpr (std::is_same_v<What, ForgetOthers>)
          return log_->forget_others(what.account, what.customers);
        if constexpr (std::is_same_v<What, ForgetOld>) return log_->forget_older_than(what.before);
      },
      change);
  if (done) {
    telemetry_.size(log_->bytes());
  } else {
    // What a file is like after a failed write is for the next opening to find out.
    log_.reset();
  }
  return done;
}

Status AnswerKeeper::write(const StoredAnswer& answer) {
  if (!seal_) return log_->put(answer);
  StoredAnswer sealed = answer;
  for (PackedText& body : sealed.bodies) {
    auto closed = seal_->close(body.deflated);
    if (!closed) return closed.error();
    body.deflated = *std::move(closed);
  }
  return log_->put(sealed);
}

void AnswerKeeper::note(const Status& written) {
  telemetry_.written(written.has_value(), clock_.wall());
  const SteadyTime now = clock_.steady();
  if (written) {
    if (failures_ > 0) {
      log_info("Answers are kept for the next start again",
               {{"storage", folder_.string()}, {"failed_attempts", failures_}});
    }
    failures_ = 0;
    told_.reset();
    return;
  }
  ++failures_;
  if (told_ && now - *told_ < kTellAgain) return;
  told_ = now;
  log_error(
      "Answers cannot be kept for the next start; polling goes on, and it is tried again every 30 "
      "seconds",
      {{"storage", folder_.string()}, {"error", written.error().message}});
}

void AnswerKeeper::note_set_aside(const ResponseLog::Found& found) {
  telemetry_.set_aside();
  log_warn(
      "The file of kept answers cannot be trusted and was set aside; a new one was begun. Remove "
      "it when you have seen it",
      {{"storage", folder_.string()},
       {"set_aside", found.set_aside->string()},
       {"found", found.why},
       {"answers_saved", found.answers.size()}});
}

}  // namespace pce
