#include "exporter/polling/customer_naming.h"

#include <utility>

#include "exporter/base/guid.h"
#include "exporter/base/sha256.h"

namespace pce {
namespace {

constexpr std::string_view kPurpose = "customer ";

}  // namespace

CustomerNaming CustomerNaming::by_id() {
  CustomerNaming naming;
  naming.shows_names_ = false;
  return naming;
}

CustomerNaming CustomerNaming::by_hash(Secret key) {
  CustomerNaming naming = by_id();
  naming.key_ = std::move(key);
  return naming;
}

TenantId CustomerNaming::id_of(const TenantId& tenant) const {
  if (!key_) return tenant;
  const std::string digest = hmac_sha256(*key_, std::string(kPurpose).append(tenant.text()));
  return *TenantId::parse(guid_of(digest, '8'));
}

Customer CustomerNaming::named(Customer listed) const {
  if (shows_names_) return listed;
  TenantId shown = id_of(listed.id);
  listed.truly = Customer::TrueName{.id = std::exchange(listed.id, std::move(shown)),
                                    .name = std::exchange(listed.name, {})};
  listed.domain.clear();
  return listed;
}

CustomerList CustomerNaming::named(CustomerList list) const {
  for (Customer& customer : list.customers) customer = named(std::move(customer));
  return list;
}

}  // namespace pce
