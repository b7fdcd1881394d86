#include "exporter/polling/warm_start.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/polling/answer_archive.h"
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
  std::vector<KeptAnswer> kept;
  for (const Candidate& candidate : candidates)
    kept.push_back({candidate.reading, candidate.stored.bodies});
  auto decoded =
      decode_kept(kept, std::max(1U, std::thread::hardware_concurrency()), parts_.labels);
  for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i].decoded = std::move(decoded[i]);
  drop("unreadable",
       std::erase_if(candidates, [](const Candidate& candidate) { return !candidate.decoded; }));
  choose_sources(candidates);
  std::vector<RecalledAnswer> recalled;
  recalled.reserve(candidates.size());
  for (Candidate& candidate : candidates) {
    note(candidate);
    recalled.push_back(recalled_of(candidate));
  }
  restored_ += recalled.size();
  parts_.intake.recall(std::move(recalled));
}

RecalledAnswer WarmStart::recalled_of(Candidate& candidate) const {
  RecalledAnswer recalled{.reading = candidate.reading,
                          .answer = std::move(candidate.decoded->answer),
                          .rows_announced = candidate.decoded->rows_announced,
                          .fetched = moment_of(candidate.stored)};
  for (const std::string& held : candidate.stored.held) {
    if (auto id = TenantId::parse(held)) recalled.held.push_back(*std::move(id));
  }
  return recalled;
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
