#include "exporter/polling/poll_record.h"

#include <algorithm>
#include <set>
#include <utility>

namespace pce {
namespace {

Trouble trouble_of(Trouble::Kind kind, Source source, const std::optional<Error>& error,
                   WallTime now) {
  return {.kind = kind,
          .source = source,
          .since = now,
          .latest = now,
          .error = error ? std::make_shared<const Error>(*error) : nullptr};
}

Trouble held(const Taken::Doubtful& doubtful, Source source, WallTime now) {
  Trouble trouble = trouble_of(Trouble::Kind::kHeld, source, std::nullopt, now);
  trouble.rows_before = doubtful.rows_before;
  trouble.rows = doubtful.rows;
  return trouble;
}

// The same trouble as before began when it began.
Trouble after(const Trouble* former, Trouble next) {
  if (former == nullptr) return next;
  if (former->kind == next.kind) next.since = former->since;
  next.last_read = former->last_read;
  return next;
}

}  // namespace

void PollRecord::pass_begins(const std::string& correlation_id) {
  const std::scoped_lock lock(mutex_);
  pass_ = std::make_shared<const std::string>(correlation_id);
}

void PollRecord::taken(const Reading& reading, const Taken& taken, WallTime now) {
  using Kind = Taken::Kind;
  std::optional<Trouble> trouble;
  switch (taken.kind) {
    case Kind::kNotMade:
      return;
    case Kind::kFailed:
      trouble = trouble_of(Trouble::Kind::kFailing, reading.source, taken.error, now);
      break;
    case Kind::kRefused:
      trouble = trouble_of(Trouble::Kind::kNotOurs, reading.source, taken.error, now);
      break;
    case Kind::kAllHeld:
      trouble = held(taken.doubtful.at(0), reading.source, now);
      break;
    case Kind::kHeld:
      if (reading.customer) trouble = held(taken.doubtful.at(0), reading.source, now);
      break;
    case Kind::kShown:
      break;
  }
  const std::scoped_lock lock(mutex_);
  if (trouble) trouble->pass = pass_;
  Collector& collector = collectors_[reading.data_set];
  if (reading.customer) {
    const SharedText& id = reading.customer->id.text();
    if (!trouble) {
      collector.troubles.erase(id);
      return;
    }
    const auto former = collector.troubles.find(id);
    Trouble next =
        after(former == collector.troubles.end() ? nullptr : &former->second, *std::move(trouble));
    collector.troubles.insert_or_assign(id, std::move(next));
  } else if (trouble) {
    auto& former = collector.whole.trouble;
    former = after(former ? &*former : nullptr, *std::move(trouble));
  } else {
    everybody_answered(reading, taken, now);
  }
}

// Of whom it was not in doubt, there is no trouble left.
void PollRecord::everybody_answered(const Reading& reading, const Taken& taken, WallTime now) {
  Collector& collector = collectors_[reading.data_set];
  collector.whole.trouble.reset();
  collector.whole.answered = now;
  const Troubles former = std::exchange(collector.troubles, {});
  for (const Taken::Doubtful& doubtful : taken.doubtful) {
    const SharedText& id = doubtful.customer->text();
    const auto before = former.find(id);
    Trouble next = held(doubtful, reading.source, now);
    next.pass = pass_;
    collector.troubles.emplace(
        id, after(before == former.end() ? nullptr : &before->second, std::move(next)));
  }
}

void PollRecord::source_in_use(const DataSet& data_set, Source source) {
  const std::scoped_lock lock(mutex_);
  collectors_[&data_set].whole.source = source;
}

void PollRecord::forget(const DataSet& data_set) {
  const std::scoped_lock lock(mutex_);
  collectors_.erase(&data_set);
}

void PollRecord::next_try(const SliceKey& reading, WallTime when) {
  const std::scoped_lock lock(mutex_);
  Collector& collector = collectors_[reading.data_set];
  if (reading.customer_id.empty()) {
    if (collector.whole.trouble) collector.whole.trouble->next_try = when;
    return;
  }
  const auto trouble = collector.troubles.find(reading.customer_id);
  if (trouble != collector.troubles.end()) trouble->second.next_try = when;
}

void PollRecord::too_old(const Slice& slice, WallTime now) {
  // The age of what was read about everybody at once is known without a note on each.
  if (slice.source == Source::kCommercial || slice.key.customer_id.empty()) return;
  const std::scoped_lock lock(mutex_);
  const auto collector = collectors_.find(slice.key.data_set);
  if (collector == collectors_.end() || !customers_->reads(slice.key.customer_id)) return;
  const auto trouble = collector->second.troubles.try_emplace(
      slice.key.customer_id, trouble_of(Trouble::Kind::kTooOld, slice.source, std::nullopt, now));
  trouble.first->second.last_read = slice.fetched;
}

void PollRecord::list_read(const std::optional<Error>& failure, WallTime now,
                           std::optional<WallTime> next) {
  const std::scoped_lock lock(mutex_);
  if (!failure) {
    list_ = {.believed = now};
    return;
  }
  auto& former = list_.trouble;
  former = after(former ? &*former : nullptr,
                 trouble_of(Trouble::Kind::kFailing, Source::kClassic, failure, now));
  former->next_try = next;
}

void PollRecord::customers_are(std::shared_ptr<const CustomerRegister> customers, WallTime now) {
  const auto former = this->customers();  // nobody else puts another in its place
  std::vector<KnownCustomer> gone;
  for (const KnownCustomer& customer : former->customers()) {
    const std::string_view id = customer.id.escaped();
    if (former->reads(id) && customers->find(id) == nullptr) gone.push_back(customer);
  }
  const std::scoped_lock lock(mutex_);
  customers_ = std::move(customers);
  std::set<LabelText> known_to_have_left;
  std::erase_if(left_, [&](const KnownCustomer& customer) {
    known_to_have_left.insert(customer.id);
    return customers_->find(customer.id.escaped()) != nullptr;
  });
  for (KnownCustomer& customer : gone) {
    if (!known_to_have_left.contains(customer.id)) remember_left(std::move(customer), now);
  }
  for (auto& [data_set, collector] : collectors_) {
    std::erase_if(collector.troubles,
                  [&](const auto& entry) { return !customers_->reads(entry.first); });
  }
}

void PollRecord::left(const TenantId& customer, WallTime now) {
  const std::scoped_lock lock(mutex_);
  if (!customers_->reads(customer.text())) return;
  for (auto& [data_set, collector] : collectors_) collector.troubles.erase(customer.text());
  const KnownCustomer& known = *customers_->find(customer.text());
  const auto same = [&](const KnownCustomer& other) { return other.id == known.id; };
  if (std::ranges::none_of(left_, same)) remember_left(known, now);
}

void PollRecord::remember_left(KnownCustomer customer, WallTime now) {
  customer.membership = Membership::kLeft;
  customer.since = now;
  left_.push_back(std::move(customer));
  if (left_.size() > kLeftMax) left_.pop_front();
}

CollectorRecord PollRecord::collector(const DataSet& data_set) const {
  const std::scoped_lock lock(mutex_);
  const auto collector = collectors_.find(&data_set);
  return collector == collectors_.end() ? CollectorRecord() : collector->second.whole;
}

std::optional<Trouble> PollRecord::trouble(const DataSet& data_set,
                                           std::string_view customer_id) const {
  const std::scoped_lock lock(mutex_);
  const auto collector = collectors_.find(&data_set);
  if (collector == collectors_.end()) return std::nullopt;
  const auto trouble = collector->second.troubles.find(customer_id);
  if (trouble == collector->second.troubles.end()) return std::nullopt;
  return trouble->second;
}

ListRecord PollRecord::list() const {
  const std::scoped_lock lock(mutex_);
  return list_;
}

std::shared_ptr<const CustomerRegister> PollRecord::customers() const {
  const std::scoped_lock lock(mutex_);
  return customers_;
}

std::vector<KnownCustomer> PollRecord::those_who_left() const {
  const std::scoped_lock lock(mutex_);
  return {left_.begin(), left_.end()};
}

}  // namespace pce
