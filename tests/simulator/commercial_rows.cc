#include "tests/simulator/commercial_rows.h"

#include <algorithm>
#include <limits>

namespace simulator {
namespace {

constexpr std::chrono::days kHistory{30};

std::vector<std::uint32_t> count(const CommercialRows& rows) {
  const Estate& estate = rows.estate();
  const auto& all = estate.rows_before(rows.dataset());
  std::vector<std::uint32_t> before{0};
  before.reserve(all.size());
  for (std::size_t number = 0; number < estate.numbers(); ++number) {
    std::uint32_t here = 0;
    if (rows.concerns(number) && rows.wants_all()) {
      here = all[number + 1] - all[number];
    } else {
      rows.each(number, [&](const CommercialRow&) {
        ++here;
        return true;
      });
    }
    before.push_back(before.back() + here);
  }
  return before;
}

}  // namespace

std::string_view CommercialRow::value(std::string_view field) const {
  if (field == "serviceCode") return holding.service_code;
  if (field == "serviceName") return service_display_name(holding.service_code);
  if (field == "channel") return holding.channel;
  if (field == "customerTenantId") return id;
  if (field == "customerName") return upper_name;
  if (field == "productId") return holding.product_id;
  if (field == "productName") return holding.product;
  if (usage == nullptr) return "";
  return field == "workloadCode" ? usage->workload.code : usage->workload.name;
}

CommercialRows::CommercialRows(Dataset dataset, const Estate& estate, const Spelling& spelling,
                               const Question& question)
    : dataset_(dataset), estate_(estate), spelling_(spelling), question_(question) {
  if (!spelling.without_customer.empty()) without_ = estate.find(spelling.without_customer);
  // A filter that can be true for one customer only needs no look at the others.
  const auto id = question.filter ? question.filter->demanded("customerTenantId")
                                  : std::optional<std::string>();
  if (id) only_ = estate.find(*id).value_or(std::numeric_limits<std::size_t>::max());
}

Instant CommercialRows::processed(std::string_view service) const {
  const Instant latest = estate_.processed(dataset_, service);
  if (!question_.day) return latest;
  return *question_.day + (latest - std::chrono::floor<std::chrono::days>(latest));
}

bool CommercialRows::of_the_day(Holding& holding) const {
  if (!question_.day) return true;
  const auto latest =
      std::chrono::floor<std::chrono::days>(estate_.processed(dataset_, holding.service_code));
  if (*question_.day > latest || *question_.day < latest - kHistory) return false;
  estate_.as_of(latest - *question_.day, holding);
  return true;
}

bool CommercialRows::wanted(const CommercialRow& row) const {
  return !question_.filter ||
         question_.filter->matches([&](std::string_view field) { return row.value(field); });
}

RowCounts::Counts RowCounts::before(const CommercialRows& rows) {
  const Question& question = rows.question();
  Key key{rows.estate().version(), rows.dataset(), question.filter_text,
          question.day ? question.day->time_since_epoch().count()
                       : std::numeric_limits<std::int64_t>::max(),
          rows.spelling().without_customer};
  const auto find = [&] {
    return std::ranges::find(known_, key,
                             [](const auto& entry) -> const Key& { return entry.first; });
  };
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = find(); known != known_.end()) {
      Counts counts = known->second;
      std::rotate(known, known + 1, known_.end());
      return counts;
    }
  }
  auto counts = std::make_shared<const std::vector<std::uint32_t>>(count(rows));
  const std::scoped_lock lock(mutex_);
  if (find() == known_.end()) {
    known_.emplace_back(std::move(key), counts);
    if (known_.size() > kKept) known_.erase(known_.begin());
  }
  return counts;
}

}  // namespace simulator
