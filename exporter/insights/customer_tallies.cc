#include "exporter/insights/customer_tallies.h"

#include <algorithm>
#include <numeric>

namespace pce {

void CustomerTallies::begin_page() {
  ++page_;
  before_ = customers_.size();
  as_they_were_.clear();
}

void CustomerTallies::take_page_back() {
  for (auto& [place, said] : as_they_were_) customers_[place].said = std::move(said);
  std::erase_if(by_id_, [this](const auto& known) { return known.second >= before_; });
  while (customers_.size() > before_) customers_.pop_back();
  as_they_were_.clear();
}

CustomerTallies::Place CustomerTallies::place_of(TenantId id) {
  const auto known = by_id_.find(id.text());
  if (known != by_id_.end()) return known->second;
  const Place place = add(std::move(id));
  by_id_.emplace(customers_.back().id->text(), place);
  return place;
}

CustomerTallies::Place CustomerTallies::place_of_the_partner() {
  return customers_.empty() ? add(std::nullopt) : Place{0};
}

CustomerTallies::Place CustomerTallies::add(std::optional<TenantId> id) {
  customers_.push_back({.id = std::move(id), .said = {.page = page_}});
  return static_cast<Place>(customers_.size() - 1);
}

CustomerTallies::Said& CustomerTallies::changing(Place place) {
  Said& said = customers_[place].said;
  if (said.page != page_) {
    as_they_were_.emplace_back(place, said);
    said.page = page_;
  }
  return said;
}

void CustomerTallies::row(Place place, std::size_t fields_repeated) {
  Said& said = changing(place);
  ++said.rows;
  said.fields_repeated += static_cast<std::uint32_t>(fields_repeated);
}

void CustomerTallies::rejected_row(Place place, std::size_t fields_repeated, Rejection reason) {
  row(place, fields_repeated);
  const auto which = std::ranges::find(kRejections, reason) - kRejections.begin();
  ++changing(place).rejected[static_cast<std::size_t>(which)];
}

// The rows should agree; where they do not, the smallest text is as good as any and independent
// of the order.
void CustomerTallies::name(Place place, std::string_view name) {
  Said& said = changing(place);
  if (name.empty() || name == said.name) return;
  if (said.name.empty() || name < said.name) said.name = name;
}

std::vector<CustomerTallies::Place> CustomerTallies::take_over(CustomerTallies& other) {
  std::vector<Place> places;
  places.reserve(other.customers_.size());
  other.by_id_.clear();
  for (; !other.customers_.empty(); other.customers_.pop_front()) {
    auto& [id, theirs] = other.customers_.front();
    const Place place = id ? place_of(*std::move(id)) : place_of_the_partner();
    places.push_back(place);
    name(place, theirs.name);
    Said& said = changing(place);
    said.rows += theirs.rows;
    said.fields_repeated += theirs.fields_repeated;
    for (std::size_t i = 0; i < kRejections.size(); ++i) said.rejected[i] += theirs.rejected[i];
  }
  return places;
}

std::vector<CustomerTallies::Place> CustomerTallies::ordered() {
  by_id_ = {};
  as_they_were_ = {};
  std::vector<Place> ordered(customers_.size());
  std::iota(ordered.begin(), ordered.end(), Place{0});
  std::ranges::sort(ordered, {}, [this](Place place) -> const std::optional<TenantId>& {
    return customers_[place].id;
  });
  return ordered;
}

CustomerDecoded CustomerTallies::take(Place place) {
  auto& [id, said] = customers_[place];
  CustomerDecoded taken{.customer = std::move(id)};
  taken.decoded.customer_name = std::move(said.name);
  taken.decoded.rows = said.rows;
  taken.decoded.fields_repeated = said.fields_repeated;
  for (std::size_t i = 0; i < kRejections.size(); ++i) {
    if (said.rejected[i] > 0)
      taken.decoded.rows_rejected.emplace(name_of(kRejections[i]), said.rejected[i]);
  }
  return taken;
}

}  // namespace pce
