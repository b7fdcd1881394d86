#include "exporter/polling/warm_start.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>
#include <utility>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/polling/answer_archive.h"
#include "exporter/polling/unusable_answer.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

// Two starts of a machine may set its clock a little differently.
constexpr milliseconds kClocksDiffer = std::chrono::minutes(1);

const StoredAnswer* last_of(const std::vector<StoredAnswer>& answers, std::string_view collector,
                            bool whole) {
  const StoredAnswer* last = nullptr;
  for (const StoredAnswer& answer : answers) {
    if (answer.collector == collector && (!whole || answer.held.empty())) last = &answer;
  }
  return last;
}

Result<BulkDecoded> decode_bulk(const DataSet& data_set, const std::vector<PackedText>& bodies,
                                LabelPool& labels, std::optional<std::int64_t>& announced) {
  const auto decoder = data_set.bulk(labels);
  for (const PackedText& packed : bodies) {
    const auto body = unpack(packed, kBodyBytesMax);
    if (!body) return body.error();
    const auto page = decoder->page(*body);
    if (!page) return page.error();
    if (page->total_count) announced = page->total_count;
  }
  return decoder->finish();
}

Result<BulkDecoded> decode_one(const Reading& reading, const std::vector<PackedText>& bodies,
                               LabelPool& labels) {
  if (bodies.size() != 1)
    return Error{.kind = ErrorKind::kMalformed, .message = "not one body, as it should be"};
  const auto body = unpack(bodies.front(), kBodyBytesMax);
  if (!body) return body.error();
  const TenantId* const customer = reading.customer ? &reading.customer->true_id() : nullptr;
  auto decoded = reading.data_set->decode(*body, customer, labels);
  if (!decoded) return decoded.error();
  BulkDecoded answer;
  answer.rows = decoded->rows;
  answer.customers.push_back(
      {.customer = customer != nullptr ? std::optional(*customer) : std::nullopt,
       .decoded = *std::move(decoded)});
  return answer;
}

}  // namespace

Moment WarmStart::moment_of(const StoredAnswer& answer) const {
  const milliseconds age = std::max(parts_.clock.wall() - answer.fetched, milliseconds(0));
  return {.wall = std::min(answer.fetched, parts_.clock.wall()),
          .steady = parts_.clock.steady() - age};
}

bool WarmStart::is_from_the_future(const StoredAnswer& answer) const {
  return answer.fetched > parts_.clock.wall() + kClocksDiffer;
}

void WarmStart::drop(const char* reason, std::size_t answers) {
  if (answers == 0) return;
  parts_.storage.dropped(reason, answers);
  dropped_[reason] += answers;
}

void WarmStart::resume(std::vector<StoredAnswer> answers) {
  const SteadyTime begin = parts_.clock.steady();
  drop("future",
       std::erase_if(answers, [&](const auto& answer) { return is_from_the_future(answer); }));
  drop("question", std::erase_if(answers, [&](const StoredAnswer& answer) {
         return answer.tenant != rules_.tenant;
       }));
  std::erase_if(answers, [&](const StoredAnswer& answer) {
    return parts_.clock.wall() - answer.fetched > rules_.stale_after;
  });
  if (parts_.readings.wants_customers()) recall_list(answers);
  recall_insights(std::move(answers));
  if (restored_ > 0) {
    parts_.readings.renew(parts_.clock.steady());
    parts_.health.resumed(times_);
    parts_.storage.restored(restored_);
  }
  std::string dropped;
  for (const auto& [reason, count] : dropped_) {
    if (!dropped.empty()) dropped += ' ';
    dropped.append(reason).append("=").append(std::to_string(count));
  }
  log_info(
      "Kept answers are shown again, with their age",
      {{"partner", rules_.partner},
       {"answers", restored_},
       {"customers", parts_.book.customers().size()},
       {"rows", parts_.health.rows()},
       {"not_used", dropped},
       {"duration_seconds", std::chrono::duration<double>(parts_.clock.steady() - begin).count()}});
}

// Whom the last list did not name is leaving, and known from the last one that named everybody.
void WarmStart::recall_list(const std::vector<StoredAnswer>& answers) {
  const std::string address = rules_.api_base;
  const auto read = [&](const StoredAnswer& answer) {
    KeptSource source(answer.bodies, rules_.api_base);
    return parts_.book.naming().named(read_customer_list(source, {}, {}));
  };
  const StoredAnswer* const last = last_of(answers, kListAnswer, false);
  if (last == nullptr) return;
  if (last->address != address) return drop("question", 1);
  const CustomerList list = read(*last);
  if (!list.complete) return drop("unreadable", 1);
  if (const StoredAnswer* resellers = last_of(answers, kResellersAnswer, false);
      rules_.resellers && resellers != nullptr && resellers->address == address) {
    KeptSource source(resellers->bodies, rules_.api_base);
    ResellerList known = read_resellers(source, {}, {});
    if (known.complete) parts_.desk.recall_resellers(std::move(known));
  }
  const StoredAnswer* const before = last_of(answers, kListAnswer, true);
  if (before != nullptr && before != last && before->address == address) {
    CustomerList former = read(*before);
    std::erase_if(former.customers, [&](const Customer& customer) {
      return !std::ranges::binary_search(last->held, customer.id.text()) &&
             std::ranges::find(list.customers, customer.id, &Customer::id) == list.customers.end();
    });
    if (former.complete) parts_.desk.recall(former, moment_of(*before));
  }
  if (!parts_.desk.recall(list, moment_of(*last))) return;
  ++restored_;
  const SliceKey key = parts_.readings.list_key();
  parts_.readings.took(key, list.pages);
  parts_.readings.schedule().remember(key, moment_of(*last).steady);
  parts_.record.list_read(std::nullopt, moment_of(*last).wall, std::nullopt);
  note_times(*key.data_set, moment_of(*last).wall);
}

std::optional<Reading> WarmStart::reading_of(const StoredAnswer& answer) const {
  const DataSet* const data_set = find_data_set(answer.collector);
  if (data_set == nullptr || !parts_.readings.sources().contains(data_set)) return std::nullopt;
  Reading reading{.data_set = data_set,
                  .source = answer.source == name_of(Source::kCommercial) ? Source::kCommercial
                                                                          : Source::kClassic,
                  .key = {data_set, answer.customer, rules_.partner},
                  .second_opinion = answer.second_opinion};
  if (rules_.source.fixed && *rules_.source.fixed != reading.source) return std::nullopt;
  if (!answer.customer.empty()) {
    auto id = TenantId::parse(answer.customer);
    if (!id) return std::nullopt;
    const auto listed = parts_.book.customers().find(*id);
    if (listed != parts_.book.customers().end()) {
      reading.customer = listed->second;
    } else if (!parts_.book.naming().shows_ids() ||
               parts_.book.standing(*id, {}) != CustomerBook::Standing::kOurs) {
      return std::nullopt;  // without a list nobody knows whom a pseudonym stands for
    } else {
      reading.customer =
          Customer{.id = *std::move(id), .name = {}, .domain = {}, .relationship = {}};
    }
  }
  if (!parts_.reader.is_answered_by(reading, answer.address)) return std::nullopt;
  return reading;
}

void WarmStart::recall_insights(std::vector<StoredAnswer> answers) {
  std::vector<Candidate> candidates;
  std::size_t other_questions = 0;
  for (StoredAnswer& answer : answers) {
    if (answer.collector == kListAnswer || answer.collector == kResellersAnswer) continue;
    if (auto reading = reading_of(answer)) {
      candidates.push_back({.stored = std::move(answer), .reading = *std::move(reading)});
    } else {
      ++other_questions;
    }
  }
  drop("question", other_questions);
  decode(candidates);
  drop("unreadable",
       std::erase_if(candidates, [](const Candidate& candidate) { return !candidate.decoded; }));
  choose_sources(candidates);
  std::vector<RecalledAnswer> recalled;
  recalled.reserve(candidates.size());
  for (Candidate& candidate : candidates) {
    note(candidate);
    recalled.push_back(*std::move(candidate.decoded));
  }
  restored_ += recalled.size();
  parts_.intake.recall(std::move(recalled));
}

void WarmStart::decode(std::vector<Candidate>& candidates) const {
  std::vector<Candidate*> order;
  for (Candidate& candidate : candidates) order.push_back(&candidate);
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [](const Candidate* c) { return c->stored.bodies.size(); });
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < order.size(); i = next++) {
      Candidate& candidate = *order[i];
      const Reading& reading = candidate.reading;
      std::optional<std::int64_t> announced;
      auto answer =
          reading.source == Source::kCommercial
              ? decode_bulk(*reading.data_set, candidate.stored.bodies, parts_.labels, announced)
              : decode_one(reading, candidate.stored.bodies, parts_.labels);
      if (!answer || unreadable(*answer)) continue;
      candidate.decoded = RecalledAnswer{.reading = reading,
                                         .answer = *std::move(answer),
                                         .rows_announced = announced,
                                         .fetched = moment_of(candidate.stored)};
      for (const std::string& held : candidate.stored.held) {
        if (auto id = TenantId::parse(held)) candidate.decoded->held.push_back(*std::move(id));
      }
    }
  };
  std::vector<std::jthread> helpers;
  const std::size_t threads =
      std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), order.size());
  for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
}

// The source that answered last is the one in use.
void WarmStart::choose_sources(const std::vector<Candidate>& candidates) {
  std::map<const DataSet*, Source> last;
  for (const Candidate& candidate : candidates) {
    if (!candidate.reading.second_opinion)
      last.insert_or_assign(candidate.reading.data_set, candidate.reading.source);
  }
  const SteadyTime now = parts_.clock.steady();
  for (const auto& [data_set, source] : last) {
    SourceChoice& choice = parts_.readings.source(*data_set);
    // Sooner than after a refusal: a machine that restarts every day is to come back, too.
    choice.resume(source, now + std::min(rules_.interval, rules_.source.reexamine));
    parts_.telemetry.collector_source(data_set->collector, name_of(choice.current()));
    parts_.record.source_in_use(*data_set, choice.current());
  }
}

void WarmStart::note(const Candidate& candidate) {
  const Reading& reading = candidate.reading;
  const Moment fetched = moment_of(candidate.stored);
  if (reading.source == Source::kCommercial)
    parts_.readings.took(reading.key, candidate.stored.bodies.size());
  if (!reading.second_opinion) parts_.readings.schedule().remember(reading.key, fetched.steady);
  parts_.record.taken(reading, {.kind = Taken::Kind::kShown}, fetched.wall);
  note_times(*reading.data_set, fetched.wall);
}

void WarmStart::note_times(const DataSet& data_set, WallTime fetched) {
  const auto [times, first] =
      times_.try_emplace(&data_set, PollHealth::Answers{.oldest = fetched, .newest = fetched});
  if (first) return;
  times->second.oldest = std::min(times->second.oldest, fetched);
  times->second.newest = std::max(times->second.newest, fetched);
}

}  // namespace pce
