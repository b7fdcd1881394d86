#include "exporter/polling/customer_book.h"

#include <utility>
#include <vector>

namespace pce {

void CustomerBook::note(const Customer& customer) {
  const Admission admission = filter_.judge(customer.true_id(), customer.true_name());
  if (admission.kind == Admission::Kind::kAdmitted) {
    excluded_.erase(customer.id);
    leaving_.erase(customer.id);
    customers_.insert_or_assign(customer.id, customer);
  } else {
    excluded_.insert_or_assign(customer.id, Excluded{.customer = customer, .why = admission});
    leaving_.erase(customer.id);
    customers_.erase(customer.id);
  }
}

void CustomerBook::replace_all(const CustomerList& list, bool confirmed) {
  const auto former = std::exchange(customers_, {});
  const auto were_leaving = std::exchange(leaving_, {});
  excluded_.clear();
  for (const Customer& customer : list.customers) note(customer);
  for (const auto& [id, customer] : former) {
    if (confirmed || were_leaving.contains(id)) continue;
    if (customers_.contains(id) || excluded_.contains(id)) continue;
    customers_.emplace(id, customer);
    leaving_.insert(id);
  }
  std::erase_if(refused_, [&](const auto& entry) { return !customers_.contains(entry.first); });
}

CustomerBook::Verdict CustomerBook::take(const CustomerList& list, SteadyTime now) {
  const bool nobody_at_first = !listed_once_ && list.customers.empty();
  const bool doubtful =
      list.complete && (nobody_at_first || far_fewer(listed_, list.customers.size(), rules_));
  if (doubtful && !list_doubt_) list_doubt_.emplace(now);
  const bool confirmed = doubtful && list_doubt_->heard(now, rules_);
  if (!list.complete || (doubtful && !confirmed)) {
    for (const Customer& customer : list.customers) note(customer);
    return list.complete ? Verdict::kDoubted : Verdict::kIncomplete;
  }
  list_doubt_.reset();
  listed_ = list.customers.size();
  listed_once_ = true;
  replace_all(list, confirmed);
  return Verdict::kTaken;
}

bool CustomerBook::adopt(CustomerFilter filter, GuardRules rules) {
  rules_ = rules;
  if (filter == filter_) return false;
  filter_ = std::move(filter);
  std::vector<Customer> out;
  for (const auto& [id, customer] : customers_) {
    if (!filter_.admits(customer.true_id(), customer.true_name())) out.push_back(customer);
  }
  const std::size_t stay = customers_.size() - out.size();
  for (const auto& [id, excluded] : std::exchange(excluded_, {})) note(excluded.customer);
  const bool more = customers_.size() > stay + out.size();
  for (const Customer& customer : out) {
    note(customer);
    refused_.erase(customer.id);
  }
  return more;
}

bool CustomerBook::not_ours(const TenantId& id, SteadyTime now) {
  if (leaving_.erase(id) > 0) {
    customers_.erase(id);
    refused_.erase(id);
    return true;
  }
  if (!customers_.contains(id)) return true;
  return refused_.try_emplace(id, now).first->second.heard(now, rules_);
}

CustomerBook::Standing CustomerBook::standing(const TenantId& tenant, std::string_view name) const {
  const TenantId id = naming_.id_of(tenant);
  if (customers_.contains(id)) return Standing::kOurs;
  if (excluded_.contains(id)) return Standing::kExcluded;
  if (listed_once_) return Standing::kUnlisted;
  return filter_.admits(tenant, name) ? Standing::kOurs : Standing::kExcluded;
}

}  // namespace pce
