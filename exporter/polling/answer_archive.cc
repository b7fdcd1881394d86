#include "exporter/polling/answer_archive.h"

#include <algorithm>
#include <utility>

#include "exporter/insights/catalog.h"

namespace pce {

StoredAnswer AnswerArchive::answer_of(std::string_view collector, std::string address) const {
  return {.account = account_,
          .tenant = tenant_,
          .collector = std::string(collector),
          .address = std::move(address),
          .fetched = clock_.wall()};
}

void AnswerArchive::taken(const Reading& reading, const Taken& taken, std::string address,
                          std::vector<PackedText> bodies) {
  if (!keeps()) return;
  const bool in_part = taken.kind == Taken::Kind::kHeld && !reading.customer;
  if (taken.kind != Taken::Kind::kShown && !in_part) return;
  StoredAnswer answer = answer_of(reading.data_set->collector, std::move(address));
  if (reading.customer) answer.customer = reading.customer->id.text().view();
  answer.source = name_of(reading.source);
  answer.second_opinion = reading.second_opinion;
  for (const Taken::Doubtful& doubtful : taken.doubtful) {
    if (doubtful.customer) answer.held.emplace_back(doubtful.customer->text());
  }
  std::ranges::sort(answer.held);
  answer.bodies = std::move(bodies);
  keeper_->put(std::move(answer));
  if (!reading.customer) without_bulk_.erase(reading.data_set);
}

void AnswerArchive::list_read(CustomerDesk::Read& read, const CustomerBook& book,
                              const std::string& address) {
  if (!keeps()) return;
  StoredAnswer list = answer_of(kListAnswer, address);
  list.bodies = std::move(read.bodies);
  std::vector<std::string> customers;
  for (const auto& [id, customer] : book.customers()) {
    customers.emplace_back(id.text());
    if (book.is_leaving(id)) list.held.emplace_back(id.text());
  }
  keeper_->put(std::move(list));
  keeper_->forget_others(account_, std::move(customers));
  if (read.reseller_bodies.empty()) return;
  StoredAnswer resellers = answer_of(kResellersAnswer, address);
  resellers.bodies = std::move(read.reseller_bodies);
  keeper_->put(std::move(resellers));
}

void AnswerArchive::forget(const TenantId& customer) {
  if (!keeps()) return;
  for (const DataSet* data_set : catalog())
    keeper_->forget(account_, data_set->collector, std::string(customer.text()));
}

void AnswerArchive::forget_bulk(const DataSet& data_set) {
  if (!keeps() || !without_bulk_.insert(&data_set).second) return;
  keeper_->forget(account_, data_set.collector, {});
}

}  // namespace pce
