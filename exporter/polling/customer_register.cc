#include "exporter/polling/customer_register.h"

#include <algorithm>
#include <utility>

namespace pce {

const char* name_of(Membership membership) {
  switch (membership) {
    case Membership::kListed:
      return "listed";
    case Membership::kLeaving:
      return "leaving";
    case Membership::kExcluded:
      return "excluded";
    case Membership::kNotIncluded:
      return "not_included";
    case Membership::kLeft:
      return "left";
    case Membership::kUnlisted:
      return "unlisted";
  }
  return "unlisted";
}

CustomerRegister::CustomerRegister(const CustomerBook& book, const CustomerRegister& former,
                                   LabelPool& labels, WallTime now) {
  customers_.reserve(book.customers().size() + book.excluded().size());
  const auto add = [&](const TenantId& id, const std::string& name, Membership membership,
                       std::size_t entry) {
    const KnownCustomer* before = former.find(id.text());
    const bool same = before != nullptr && before->membership == membership;
    customers_.push_back({.id = labels.intern(id.text()),
                          .name = labels.intern(name.empty() ? id.text().view() : name),
                          .membership = membership,
                          .entry = static_cast<std::uint32_t>(entry),
                          .since = same ? before->since : now});
  };
  for (const auto& [id, customer] : book.customers())
    add(id, customer.name, book.is_leaving(id) ? Membership::kLeaving : Membership::kListed, 0);
  for (const auto& [id, excluded] : book.excluded()) {
    const bool by_entry = excluded.why.kind == Admission::Kind::kExcluded;
    add(id, excluded.customer.name, by_entry ? Membership::kExcluded : Membership::kNotIncluded,
        excluded.why.entry);
  }
  std::ranges::sort(customers_, {}, &KnownCustomer::id);
}

const KnownCustomer* CustomerRegister::find(std::string_view id) const {
  const auto at = std::ranges::lower_bound(
      customers_, id, {}, [](const KnownCustomer& customer) { return customer.id.escaped(); });
  return at == customers_.end() || at->id.escaped() != id ? nullptr : &*at;
}

bool CustomerRegister::reads(std::string_view id) const {
  const KnownCustomer* customer = find(id);
  return customer != nullptr && (customer->membership == Membership::kListed ||
                                 customer->membership == Membership::kLeaving);
}

}  // namespace pce
