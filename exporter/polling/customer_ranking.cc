#include "exporter/polling/customer_ranking.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "exporter/insights/customer_deployment.h"

namespace pce {
namespace {

struct Seats {
  const Slice* slice;
  std::int64_t sold = 0;
  std::int64_t deployed = 0;
};

std::size_t place_of(const DataSet& data_set, std::string_view metric) {
  std::size_t place = 0;
  while (place < data_set.metrics.size() && data_set.metrics[place].name != metric) ++place;
  return place;
}

std::size_t place_of_product(const DataSet& data_set) {
  std::size_t place = 0;
  while (place < data_set.row_labels.size() &&
         std::string_view(data_set.row_labels[place]) != "product")
    ++place;
  return place;
}

// Counts that are no whole numbers are of no product sold by the seat.
std::int64_t seats_of(const Number& number) {
  return number.known() && number.is_whole() ? number.whole() : 0;
}

bool lower_id(const Seats& a, const Seats& b) {
  return std::pair(a.slice->key.customer_id, a.slice->key.partner) <
         std::pair(b.slice->key.customer_id, b.slice->key.partner);
}

bool larger(const Seats& a, const Seats& b) {
  if (a.sold != b.sold) return a.sold > b.sold;
  return lower_id(a, b);
}

// As a share, so that a small customer stands beside a large one.
bool worse(const Seats& a, const Seats& b) {
  const double share_a = static_cast<double>(a.deployed) / static_cast<double>(a.sold);
  const double share_b = static_cast<double>(b.deployed) / static_cast<double>(b.sold);
  if (share_a != share_b) return share_a < share_b;
  return larger(a, b);
}

template <typename Before>
std::vector<RankedCustomer> first_of(std::vector<Seats>& seats, std::size_t places, Before before) {
  const auto end = seats.begin() + static_cast<std::ptrdiff_t>(std::min(places, seats.size()));
  std::partial_sort(seats.begin(), end, seats.end(), before);
  std::vector<RankedCustomer> first;
  for (auto each = seats.begin(); each != end; ++each) {
    first.push_back({.partner = each->slice->partner,
                     .customer = each->slice->customer,
                     .customer_id = each->slice->customer_id,
                     .sold = each->sold,
                     .deployed = each->deployed});
  }
  return first;
}

}  // namespace

CustomerRanking rank_customers(const Snapshot& snapshot, const RankingRules& rules) {
  const DataSet& data_set = customer_deployment();
  const std::size_t sold = place_of(data_set, "licenses_sold");
  const std::size_t deployed = place_of(data_set, "licenses_deployed");
  const std::size_t product = place_of_product(data_set);
  std::vector<std::string> ignored;
  for (const std::string& name : rules.ignored_products) ignored.push_back(escaped_label(name));

  std::vector<Seats> all;
  snapshot.each_slice(data_set, [&](const Slice& slice) {
    Seats seats{.slice = &slice};
    for (const Record& record : slice.records) {
      if (!ignored.empty() &&
          std::ranges::find(ignored, record.labels[product].escaped()) != ignored.end())
        continue;
      seats.sold += seats_of(record.values[sold]);
      seats.deployed += seats_of(record.values[deployed]);
    }
    if (seats.sold > 0) all.push_back(seats);
  });
  CustomerRanking ranking{.generation = snapshot.generation(), .customers = all.size()};
  ranking.largest = first_of(all, rules.places, larger);
  std::erase_if(all, [&](const Seats& seats) {
    return seats.sold - seats.deployed <= std::max<std::int64_t>(rules.spare_licenses, 0);
  });
  ranking.worst = first_of(all, rules.places, worse);
  return ranking;
}

// The lock is held while it is made: who asks meanwhile would make the same.
std::shared_ptr<const CustomerRanking> CustomerRanker::ranking(const RankingRules& rules) {
  const std::scoped_lock lock(mutex_);
  const auto snapshot = store_.current();
  if (!last_ || last_->generation != snapshot->generation() || rules_ != rules) {
    last_ = std::make_shared<const CustomerRanking>(rank_customers(*snapshot, rules));
    rules_ = rules;
  }
  return last_;
}

}  // namespace pce
