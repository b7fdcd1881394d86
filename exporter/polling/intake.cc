#include "exporter/polling/intake.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "exporter/insights/catalog.h"
#include "exporter/polling/bulk_answers.h"
#include "exporter/polling/unusable_answer.h"
#include "exporter/telemetry/log.h"

namespace pce {
namespace {

// What is said of a customer beside its licences, and read from no insight.
bool is_about_itself(const DataSet& data_set) {
  return find_data_set(data_set.collector) == nullptr;
}

Taken all_held(std::size_t before, std::size_t now) {
  return {.kind = Taken::Kind::kAllHeld, .doubtful = {{std::nullopt, before, now}}};
}

}  // namespace

Intake::Intake(Parts parts, std::string partner, GuardRules rules, bool both_sources)
    : parts_(parts), partner_(std::move(partner)), both_sources_(both_sources), guard_(rules) {}

void Intake::adopt(GuardRules rules, bool both_sources) {
  guard_.rules_are(rules);
  both_sources_ = both_sources;
}

void Intake::forget(const DataSet& data_set) {
  parts_.publisher.remove_if([&](const Slice& slice) {
    return slice.key.partner == partner_ && slice.key.data_set == &data_set;
  });
  guard_.forget_if([&](const SliceKey& key) { return key.data_set == &data_set; });
  std::erase_if(rows_, [&](const auto& entry) { return entry.first.data_set == &data_set; });
}

Taken Intake::take(const Reading& reading, Outcome outcome) {
  using Kind = Taken::Kind;
  // Dropped while it was asked about.
  if (reading.customer && !parts_.book.customers().contains(reading.customer->id)) return {};
  switch (outcome.kind) {
    case Outcome::Kind::kNotMade:
      return {};
    case Outcome::Kind::kFailed:
      return {.kind = Kind::kFailed, .error = std::move(outcome.error)};
    case Outcome::Kind::kNotOurs:
      if (parts_.book.not_ours(reading.customer->id, parts_.clock.steady()))
        drop(reading.customer->id);
      note_rows(reading, 0);
      return {.kind = Kind::kRefused, .error = std::move(outcome.error)};
    case Outcome::Kind::kAnswered:
      break;
  }
  count(reading, outcome.answer);
  const DataSet& data_set = *reading.data_set;
  if (reading.source == Source::kCommercial) {
    const auto rows = static_cast<std::int64_t>(outcome.answer.rows);
    std::optional<std::int64_t> difference;
    if (outcome.rows_announced) difference = *outcome.rows_announced - rows;
    parts_.telemetry.rows_difference(data_set.collector, difference);
    if (difference && *difference > 0) {
      return {.kind = Kind::kFailed,
              .error = rows_lost(data_set, outcome.answer.rows, *outcome.rows_announced)};
    }
  }
  if (reading.customer) parts_.book.ours(reading.customer->id);
  if (unreadable(outcome.answer))
    return {.kind = Kind::kFailed, .error = nothing_readable(data_set, outcome.answer)};
  const bool of_many = reading.source == Source::kCommercial && data_set.scope == Scope::kCustomer;
  return of_many ? take_many(reading, outcome) : take_one(reading, outcome);
}

Taken Intake::take_one(const Reading& reading, Outcome& outcome) {
  using Kind = Taken::Kind;
  const DataSet& data_set = *reading.data_set;
  Decoded decoded = outcome.answer.customers.empty()
                        ? Decoded{}
                        : std::move(outcome.answer.customers.front().decoded);
  SliceKey key{&data_set, reading.customer ? reading.customer->id.text() : SharedText(), partner_};
  const std::size_t before = records_shown(key);
  const std::size_t now = decoded.records.size();
  if (reading.source == Source::kCommercial) {
    if (doubts_whole(reading, before, now)) return all_held(before, now);
    guard_.forget(key);  // what the classic source made us doubt
  } else if (!guard_.believes(key, reading.source, before, now, parts_.clock.steady())) {
    parts_.telemetry.empty_answer(data_set.collector);
    if (!reading.customer) return all_held(before, now);
    return {.kind = Kind::kHeld, .doubtful = {{reading.customer->id, before, now}}};
  }
  note_rows(reading, outcome.answer.rows);
  const TenantId* const customer = reading.customer ? &reading.customer->id : nullptr;
  parts_.publisher.add(
      std::make_shared<const Slice>(slice_of(reading, customer, std::move(decoded), this->now())));
  return {.kind = Kind::kShown};
}

Taken Intake::take_many(const Reading& reading, Outcome& outcome) {
  using Kind = Taken::Kind;
  const DataSet& data_set = *reading.data_set;
  BulkAnswers& answers = outcome.answer.customers;
  parts_.telemetry.customers_unlisted(data_set.collector, keep_ours(answers, parts_.book));
  std::size_t now = 0;
  for (const auto& [customer, decoded] : answers) {
    if (!decoded.records.empty()) parts_.book.ours(*customer);
    now += decoded.records.size();
  }
  const std::size_t before = records_shown(data_set);
  if (doubts_whole(reading, before, now)) return all_held(before, now);
  const bool confirmed = far_fewer(before, now, guard_.rules());

  add_silent(answers, shown_or_doubted(data_set));
  Taken taken{.kind = Kind::kShown};
  std::vector<std::shared_ptr<const Slice>> slices;
  // One by one, because an answer about everybody is large and the rows before it are still there.
  for (; !answers.empty(); answers.pop_front()) {
    const TenantId& id = *answers.front().customer;
    Decoded& decoded = answers.front().decoded;
    const SliceKey key = key_of(data_set, id);
    if (confirmed) guard_.forget(key);
    const bool believed =
        !unreadable(decoded) &&
        (confirmed || guard_.believes(key, reading.source, records_shown(key),
                                      decoded.records.size(), parts_.clock.steady()));
    if (!believed) {
      guard_.doubt(key, records_shown(key), parts_.clock.steady());
      taken.kind = Kind::kHeld;
      taken.doubtful.push_back({id, records_shown(key), decoded.records.size()});
      parts_.telemetry.empty_answer(data_set.collector);
    } else {
      slices.push_back(
          std::make_shared<const Slice>(slice_of(reading, &id, std::move(decoded), this->now())));
    }
  }
  note_rows(reading, outcome.answer.rows);
  parts_.publisher.replace(std::move(slices), {});
  return taken;
}

void Intake::recall(std::vector<RecalledAnswer> answers) {
  Slices slices;
  for (RecalledAnswer& recalled : answers) {
    const Reading& reading = recalled.reading;
    const auto rows = static_cast<std::int64_t>(recalled.answer.rows);
    if (reading.source == Source::kCommercial && recalled.rows_announced)
      parts_.telemetry.rows_difference(reading.data_set->collector,
                                       *recalled.rows_announced - rows);
    note_rows(reading, recalled.answer.rows);
    if (reading.source == Source::kCommercial && reading.data_set->scope == Scope::kCustomer) {
      recall_many(recalled, slices);
      continue;
    }
    Decoded decoded = recalled.answer.customers.empty()
                          ? Decoded{}
                          : std::move(recalled.answer.customers.front().decoded);
    const TenantId* const customer = reading.customer ? &reading.customer->id : nullptr;
    Slice slice = slice_of(reading, customer, std::move(decoded), recalled.fetched);
    guard_.forget(slice.key);
    slices.insert_or_assign(slice.key, std::move(slice));
  }
  std::vector<std::shared_ptr<const Slice>> shown;
  shown.reserve(slices.size());
  for (auto& [key, slice] : slices)
    shown.push_back(std::make_shared<const Slice>(std::move(slice)));
  parts_.publisher.replace(std::move(shown), {});
}

// Replaces what is about anybody it is not held for, also those it does not name.
void Intake::recall_many(RecalledAnswer& recalled, Slices& slices) {
  const Reading& reading = recalled.reading;
  const auto held = [&](const SharedText& id) {
    return std::ranges::binary_search(recalled.held, id, {}, &TenantId::text);
  };
  std::erase_if(slices, [&](const auto& entry) {
    return entry.first.data_set == reading.data_set && !held(entry.first.customer_id);
  });
  BulkAnswers& answers = recalled.answer.customers;
  parts_.telemetry.customers_unlisted(reading.data_set->collector, keep_ours(answers, parts_.book));
  for (; !answers.empty(); answers.pop_front()) {
    const TenantId& id = *answers.front().customer;
    if (held(id.text())) continue;
    Slice slice = slice_of(reading, &id, std::move(answers.front().decoded), recalled.fetched);
    slices.insert_or_assign(slice.key, std::move(slice));
  }
  for (const TenantId& customer : recalled.held) {
    const auto before = slices.find(key_of(*reading.data_set, customer));
    if (before == slices.end()) continue;
    guard_.doubt(before->first, before->second.records.size(), parts_.clock.steady());
  }
}

std::vector<TenantId> Intake::shown_or_doubted(const DataSet& data_set) const {
  std::vector<TenantId> customers;
  const auto note = [&](const SliceKey& key) {
    auto id = TenantId::parse(key.customer_id);
    if (!id || key.partner != partner_) return;
    if (parts_.book.knows_the_list() && !parts_.book.customers().contains(*id)) return;
    customers.push_back(std::move(*id));
  };
  parts_.publisher.known()->each_slice(data_set, [&](const Slice& slice) {
    if (!slice.records.empty()) note(slice.key);
  });
  guard_.each([&](const SliceKey& key, std::size_t) {
    if (key.data_set == &data_set) note(key);
  });
  return customers;
}

// Notes the doubt, too. Where the classic source can be asked it has the last word: a commercial
// answer that is empty without cause stays unbelieved however often it comes.
bool Intake::doubts_whole(const Reading& reading, std::size_t before, std::size_t now) {
  const SliceKey whole = whole_key(*reading.data_set);
  const SteadyTime time = parts_.clock.steady();
  bool doubtful = false;
  if (both_sources_) {
    const bool nobody = parts_.book.knows_the_list() && parts_.book.customers().empty();
    const bool silent = now == 0 && !nobody;
    doubtful = silent || far_fewer(before, now, guard_.rules());
    if (doubtful) {
      guard_.doubt(whole, before, time);
    } else {
      guard_.forget(whole);
    }
  } else {
    doubtful = !guard_.believes(whole, reading.source, before, now, time);
  }
  if (doubtful) parts_.telemetry.empty_answer(reading.data_set->collector);
  return doubtful;
}

void Intake::count(const Reading& reading, const BulkDecoded& answer) {
  const char* const collector = reading.data_set->collector;
  std::size_t merged = 0;
  for (const auto& [customer, decoded] : answer.customers) merged += decoded.rows_merged;
  for (const auto& [reason, rows] : all_rejected(answer))
    parts_.telemetry.rows_rejected(collector, reason, rows);
  parts_.telemetry.rows_merged(collector, merged);
  for (const FieldDrift& drift : answer.drift) {
    if (!parts_.telemetry.drift(collector, drift.field, name_of(drift.kind), drift.count)) continue;
    log_warn("A field is not as documented", {{"partner", partner_},
                                              {"collector", collector},
                                              {"source", name_of(reading.source)},
                                              {"field", drift.field},
                                              {"kind", name_of(drift.kind)},
                                              {"found", name_of(drift.found)},
                                              {"rows", drift.count}});
  }
}

void Intake::note_rows(const Reading& reading, std::size_t rows) {
  if (reading.second_opinion) return;
  // A data set is read in bulk or by customer: whichever comes replaces the other.
  if (reading.key.customer_id.empty()) {
    std::erase_if(rows_,
                  [&](const auto& entry) { return entry.first.data_set == reading.data_set; });
  } else {
    rows_.erase({reading.data_set, {}, partner_});
  }
  rows_[reading.key] = rows;
}

void Intake::settle(const DataSet& data_set) { guard_.forget(whole_key(data_set)); }

void Intake::drop(const TenantId& customer) {
  std::vector<SliceKey> keys;
  for (const DataSet* data_set : published_data_sets()) {
    // A customer that is still listed keeps what is said of it beside its licences.
    if (is_about_itself(*data_set) && parts_.book.customers().contains(customer)) continue;
    keys.push_back(key_of(*data_set, customer));
    guard_.forget(keys.back());
  }
  parts_.publisher.replace({}, std::move(keys));
}

void Intake::forget_strangers() {
  const auto& customers = parts_.book.customers();
  const auto stranger = [&](const SliceKey& key) {
    const auto id = TenantId::parse(key.customer_id);
    return id && !customers.contains(*id);
  };
  parts_.publisher.remove_if(
      [&](const Slice& slice) { return slice.key.partner == partner_ && stranger(slice.key); });
  guard_.forget_if(stranger);
  std::erase_if(rows_, [&](const auto& entry) { return stranger(entry.first); });
}

std::size_t Intake::rows(const DataSet& data_set) const {
  std::size_t sum = 0;
  for (const auto& [key, rows] : rows_) sum += key.data_set == &data_set ? rows : 0;
  return sum;
}

std::size_t Intake::customers_in_doubt(const DataSet& data_set) const {
  std::size_t customers = 0;
  guard_.each([&](const SliceKey& key, std::size_t) {
    customers += key.data_set == &data_set && TenantId::parse(key.customer_id) ? 1 : 0;
  });
  return customers;
}

bool Intake::whole_in_doubt(const DataSet& data_set) const {
  if (guard_.doubts(whole_key(data_set))) return true;
  std::size_t held = 0;
  std::size_t held_and_shown = 0;  // the others grew too old
  guard_.each([&](const SliceKey& key, std::size_t before) {
    if (key.data_set != &data_set) return;
    held += before;
    held_and_shown += records_shown(key);
  });
  const std::size_t all = records_shown(data_set) - held_and_shown + held;
  return held > 0 && far_fewer(all, all - held, guard_.rules());
}

Slice Intake::slice_of(const Reading& reading, const TenantId* customer, Decoded decoded,
                       const Moment& fetched) const {
  std::string name;
  SharedText id;
  if (customer != nullptr) {
    id = customer->text();
    const auto listed = parts_.book.customers().find(*customer);
    if (listed != parts_.book.customers().end()) {
      id = listed->first.text();  // as everybody else has it: one text
      name = listed->second.name;
    }
    if (name.empty() && parts_.book.naming().shows_names()) name = decoded.customer_name;
    if (name.empty()) name = id.view();
  }
  return {.key = {reading.data_set, id, partner_},
          .partner = parts_.labels.intern(partner_),
          .customer = parts_.labels.intern(name),
          .customer_id = parts_.labels.intern(id),
          .records = std::move(decoded.records),
          .processed = std::move(decoded.processed),
          .fetched = fetched.wall,
          .received = fetched.steady,
          .source = reading.source};
}

SliceKey Intake::key_of(const DataSet& data_set, const TenantId& customer) const {
  return {&data_set, customer.text(), partner_};
}

std::size_t Intake::records_shown(const SliceKey& key) const {
  const Slice* slice = parts_.publisher.known()->find(key);
  return slice == nullptr ? 0 : slice->records.size();
}

std::size_t Intake::records_shown(const DataSet& data_set) const {
  std::size_t records = 0;
  parts_.publisher.known()->each_slice(data_set, [&](const Slice& slice) {
    if (slice.key.partner == partner_) records += slice.records.size();
  });
  return records;
}

}  // namespace pce
