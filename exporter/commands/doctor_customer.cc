#include "exporter/commands/doctor_customer.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "exporter/base/wildcard.h"
#include "exporter/commands/doctor_advice.h"
#include "exporter/exposition/families.h"
#include "exporter/exposition/insight_samples.h"
#include "exporter/exposition/text_encoder.h"
#include "exporter/polling/reader.h"
#include "exporter/polling/source_choice.h"
#include "exporter/polling/unusable_answer.h"
#include "exporter/settings/message_text.h"
#include "exporter/store/snapshot_store.h"

namespace pce {
namespace {

constexpr std::size_t kLinesShown = 5;

void add(std::string& text, const std::string& more) {
  if (!text.empty()) text += "; ";
  text += more;
}

void warn(Finding& finding, const std::string& detail, const std::string& fix) {
  finding.verdict = StepVerdict::kWarning;
  add(finding.detail, detail);
  if (finding.fix.empty()) finding.fix = fix;
}

std::string described(const Customer& customer) {
  const std::string id(customer.id.text());
  return customer.name.empty() ? id : customer.name + ", " + id;
}

std::size_t rejected_in(const BulkDecoded& answer) {
  std::size_t rows = 0;
  for (const auto& [reason, number] : all_rejected(answer)) rows += number;
  return rows;
}

// Why an answer that came is not shown; nullopt: it is.
std::optional<Error> complaint_about(const DataSet& data_set, const Outcome& outcome) {
  const auto rows = static_cast<std::int64_t>(outcome.answer.rows);
  if (outcome.rows_announced && *outcome.rows_announced > rows)
    return rows_lost(data_set, outcome.answer.rows, *outcome.rows_announced);
  if (unreadable(outcome.answer)) return nothing_readable(data_set, outcome.answer);
  return std::nullopt;
}

}  // namespace

Finding CustomerLook::look_at_customer(const std::vector<Customer>& list, const std::string& wanted,
                                       const std::string& correlation_id) {
  const auto named = [&](const Customer& customer) {
    if (wanted.empty()) return plan_.customers.admits(customer.id, customer.name);
    return fits(wanted, customer.id.text()) || fits(wanted, customer.name) ||
           fits(wanted, plan_.naming.id_of(customer.id).text());
  };
  const auto found = std::ranges::find_if(list, named);
  const auto id = TenantId::parse(wanted);
  if (found == list.end() && !id) {
    if (wanted.empty() && list.empty())
      return {.verdict = StepVerdict::kSkipped, .detail = "there is no customer to ask about"};
    if (wanted.empty()) {
      return {.verdict = StepVerdict::kFailed,
              .detail = "customers.include and customers.exclude admit none of the " +
                        std::to_string(list.size()) + " customers",
              .fix = "correct these lists; entries are ids or names, with * for any text"};
    }
    return {.verdict = StepVerdict::kFailed,
            .detail = "the customer list has nobody called " + in_quotes(wanted),
            .fix = "name a customer by its id or its whole name, with * for any text"};
  }
  // Who is not on the list may still be asked about: Partner Center says whether it is ours.
  const Customer customer = found != list.end() ? *found : Customer{*id, {}, {}, {}};
  Finding finding{.detail = described(customer)};
  if (!plan_.naming.shows_ids())
    finding.detail.append(", shown as ").append(plan_.naming.id_of(customer.id).text());
  if (found == list.end())
    warn(finding, "not on the customer list", "name a customer that is on the customer list");
  if (!plan_.customers.admits(customer.id, customer.name)) {
    warn(finding, "the daemon leaves it out",
         "change customers.include or customers.exclude, if it should be shown");
  }
  std::size_t asked = 0;
  for (const DataSet* data_set : plan_.data_sets) {
    if (data_set->scope != Scope::kCustomer) continue;
    ++asked;
    if (!read(*data_set, customer, correlation_id, finding)) return finding;
  }
  if (asked == 0)
    return {.verdict = StepVerdict::kSkipped,
            .detail = "no collector about customers is configured"};
  if (std::ranges::all_of(slices_, [](const Slice& slice) { return slice.records.empty(); })) {
    warn(finding, "no rows at all",
         "nothing, if this customer has no licences; else ask about another: --customer=NAME");
  }
  return finding;
}

bool CustomerLook::read(const DataSet& data_set, const Customer& customer,
                        const std::string& correlation_id, Finding& finding) {
  Reader reader({parts_.client, parts_.labels, parts_.calls, parts_.clock}, std::array{customer.id},
                plan_.processed_date);
  const auto ask = [&](Source source) {
    return reader.read({.data_set = &data_set, .source = source, .customer = customer},
                       correlation_id, {});
  };
  const bool may_choose = !plan_.source.fixed;
  Source source = plan_.source.fixed.value_or(Source::kCommercial);
  Outcome outcome = ask(source);
  std::string why;
  if (may_choose && outcome.error && ends_commercial(outcome.error->kind)) {
    why = ", the bulk report is refused: " + finding_of(*outcome.error);
  } else if (may_choose && !outcome.error && outcome.answer.rows == 0) {
    why = ", the bulk report says nothing";
  }
  if (!why.empty()) outcome = ask(source = Source::kClassic);
  if (!outcome.error && outcome.kind == Outcome::Kind::kAnswered)
    outcome.error = complaint_about(data_set, outcome);
  if (outcome.error) {
    Finding failure = failed(*outcome.error);
    failure.detail = finding.detail + "; " + failure.detail;
    finding = std::move(failure);
    return false;
  }
  add(finding.detail,
      std::string(data_set.collector) + " " + std::to_string(outcome.answer.rows) +
          (outcome.answer.rows == 1 ? " row" : " rows") +
          (source == Source::kClassic ? " of the classic insight" : " of the bulk report") + why);
  if (const std::size_t rejected = rejected_in(outcome.answer); rejected > 0) {
    warn(finding, std::to_string(rejected) + " of them cannot be read",
         "Microsoft changed its answers, or something in between did: please report this");
  }
  for (auto& [id, decoded] : outcome.answer.customers) {
    if (!id || *id == customer.id) keep(data_set, customer, std::move(decoded));
  }
  return true;
}

void CustomerLook::keep(const DataSet& data_set, const Customer& customer, Decoded decoded) {
  const Customer shown = plan_.naming.named(customer);
  const SharedText& id = shown.id.text();
  const std::string& name =
      shown.name.empty() && plan_.naming.shows_names() ? decoded.customer_name : shown.name;
  slices_.push_back({.key = {&data_set, id, plan_.partner},
                     .partner = parts_.labels.intern(plan_.partner),
                     .customer = parts_.labels.intern(name.empty() ? id.view() : name),
                     .customer_id = parts_.labels.intern(id),
                     .records = std::move(decoded.records),
                     .processed = std::move(decoded.processed),
                     .fetched = parts_.clock.wall(),
                     .received = parts_.clock.steady()});
}

Finding CustomerLook::preview(const std::string& prefix) const {
  if (slices_.empty()) return {.verdict = StepVerdict::kSkipped};
  SnapshotStore store;
  std::vector<std::shared_ptr<const Slice>> slices;
  for (const Slice& slice : slices_) slices.push_back(std::make_shared<const Slice>(slice));
  store.replace(std::move(slices));
  const auto snapshot = store.current();
  TextBuffer samples;
  for (const Family& family : insight_families(prefix)) {
    if (const auto* runs = snapshot->runs(*family.data_set))
      InsightSamples(family, text_encoder()).append(samples, *runs);
  }

  Finding finding;
  std::size_t series = 0;
  std::string_view rest = samples.view();
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (++series <= kLinesShown) finding.lines.emplace_back(line);
  }
  finding.detail = std::to_string(series) + " series of this customer" +
                   (series > kLinesShown ? ", the first of them:" : "");
  return finding;
}

}  // namespace pce
