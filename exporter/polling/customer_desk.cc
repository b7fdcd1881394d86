#include "exporter/polling/customer_desk.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/insights/customer_info.h"
#include "exporter/insights/customer_target.h"
#include "exporter/partner_center/resellers.h"

namespace pce {
namespace {

Error doubt(std::size_t named, std::size_t before) {
  if (before == 0) {
    return {.kind = ErrorKind::kMalformed,
            .message = "the customer list names nobody; it is asked again until that is confirmed"};
  }
  std::string message = "the customer list names ";
  message.append(std::to_string(named)).append(" customers where it had ");
  message.append(std::to_string(before)).append(" before; until that is confirmed those stay");
  return {.kind = ErrorKind::kMalformed, .message = std::move(message)};
}

}  // namespace

CustomerDesk::Read CustomerDesk::read(const std::string& correlation_id, std::stop_token stop) {
  KeepingSource keeping(parts_.client);
  const CustomerList list = parts_.book.naming().named(
      read_customer_list(keeps_bodies_ ? keeping : parts_.client, correlation_id, stop));
  Read read{.calls = list.pages, .bodies = keeping.take()};
  if (resellers_ && !list.customers.empty()) read_reseller_names(correlation_id, stop, read);
  if (stop.stop_requested()) return {};

  const std::size_t before = parts_.book.listed();
  std::optional<Error> reseller_failure = std::exchange(read.failure, list.failure);
  read.verdict = parts_.book.take(list, parts_.clock.steady());
  if (read.verdict == CustomerBook::Verdict::kDoubted) {
    parts_.telemetry.empty_answer(customer_info().collector);
    read.failure = doubt(list.customers.size(), before);
  }
  if (!read.failure) read.failure = std::move(reseller_failure);
  if (read.verdict == CustomerBook::Verdict::kTaken)
    parts_.telemetry.rows(customer_info().collector, list.customers.size());
  show(list.customers, {.wall = parts_.clock.wall(), .steady = parts_.clock.steady()},
       Age::kOfTheList);
  return read;
}

// A reseller that cannot be asked leaves its customers with the name they had.
void CustomerDesk::read_reseller_names(const std::string& correlation_id, std::stop_token stop,
                                       Read& read) {
  KeepingSource keeping(parts_.client);
  ResellerList list = read_resellers(keeps_bodies_ ? keeping : parts_.client, correlation_id, stop);
  read.calls += list.pages;
  if (list.complete) {
    reseller_of_.clear();
    read.reseller_bodies = keeping.take();
  }
  for (auto& [id, reseller] : list.reseller_of)
    reseller_of_.insert_or_assign(id, std::move(reseller));
  read.failure = std::move(list.failure);
}

bool CustomerDesk::recall(const CustomerList& list, Moment fetched) {
  if (parts_.book.take(list, fetched.steady) != CustomerBook::Verdict::kTaken) return false;
  parts_.telemetry.rows(customer_info().collector, list.customers.size());
  show(list.customers, fetched, Age::kOfTheList);
  return true;
}

// What is shown of a customer that is about itself and not its licences.
std::vector<std::pair<const DataSet*, Record>> CustomerDesk::records_of(
    const Customer& customer) const {
  const auto reseller = reseller_of_.find(customer.true_id());
  std::vector<std::pair<const DataSet*, Record>> records{
      {&customer_info(),
       customer_info_record(customer.domain, customer.relationship,
                            reseller == reseller_of_.end() ? std::string_view() : reseller->second,
                            parts_.labels)}};
  const CustomerTarget* const target = targets_.of(customer.true_id(), customer.true_name());
  if (target == nullptr) return records;
  const auto number = [](const std::optional<std::int64_t>& value) {
    return value ? Number::whole(*value) : Number();
  };
  records.emplace_back(
      &customer_target(),
      customer_target_record(number(target->deployment_percent), number(target->usage_percent),
                             number(target->spare_licenses)));
  if (!target->owner.empty())
    records.emplace_back(&customer_owner(), customer_owner_record(target->owner, parts_.labels));
  return records;
}

void CustomerDesk::adopt(bool resellers, TargetChoice targets) {
  resellers_ = resellers;
  if (!resellers) reseller_of_.clear();
  targets_ = std::move(targets);
  if (!shown_) return;
  std::vector<Customer> customers;
  for (const auto& [id, customer] : parts_.book.customers()) customers.push_back(customer);
  show(customers, *shown_, Age::kAsKnown);
}

void CustomerDesk::show(std::span<const Customer> customers, Moment fetched, Age age) {
  shown_ = fetched;
  const auto known = parts_.publisher.known();
  std::vector<std::shared_ptr<const Slice>> slices;
  // Who was renamed may be another entry's, or nobody's.
  std::set<SliceKey> no_longer;
  const LabelText partner = parts_.labels.intern(partner_);
  for (const Customer& customer : customers) {
    if (!parts_.book.customers().contains(customer.id)) continue;
    const SharedText& id = customer.id.text();
    const Slice* const before =
        age == Age::kAsKnown ? known->find({&customer_info(), id, partner_}) : nullptr;
    for (const DataSet* data_set : {&customer_target(), &customer_owner()}) {
      SliceKey key{data_set, id, partner_};
      if (targets_shown_.erase(key) > 0) no_longer.insert(std::move(key));
    }
    const LabelText name = parts_.labels.intern(customer.name.empty() ? id.view() : customer.name);
    for (auto& [data_set, record] : records_of(customer)) {
      Slice slice{.key = {data_set, id, partner_},
                  .partner = partner,
                  .customer = name,
                  .customer_id = parts_.labels.intern(id),
                  .records = {std::move(record)},
                  .processed = {},
                  .fetched = before != nullptr ? before->fetched : fetched.wall,
                  .received = before != nullptr ? before->received : fetched.steady};
      no_longer.erase(slice.key);
      if (data_set != &customer_info()) targets_shown_.insert(slice.key);
      slices.push_back(std::make_shared<const Slice>(std::move(slice)));
    }
  }
  parts_.publisher.replace(std::move(slices), {no_longer.begin(), no_longer.end()});
  const auto former = parts_.record.customers();
  const WallTime now = age == Age::kAsKnown ? parts_.clock.wall() : fetched.wall;
  parts_.record.customers_are(
      std::make_shared<const CustomerRegister>(parts_.book, *former, parts_.labels, now), now);
}

}  // namespace pce
