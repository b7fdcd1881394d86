#pragma once
// metrics.customer_label: what customers are called by everything above the answers about them.
#include <optional>

#include "exporter/base/secret.h"
#include "exporter/base/units.h"
#include "exporter/partner_center/customer_list.h"

namespace pce {

class CustomerNaming {
 public:
  CustomerNaming() = default;  // by their names
  static CustomerNaming by_id();
  // Name and id give way to one pseudonym: of HMAC-SHA256 of the id under this key 122 bits,
  // written as a UUID of version 8 (RFC 9562), which no tenant id is. Who has the key and the id
  // can tell it, nobody else can; it outlives a change of the name.
  static CustomerNaming by_hash(Secret key);

  // Whether a customer may be shown by what names it to anybody: its name, its domain, texts that
  // may repeat them.
  bool shows_names() const { return shows_names_; }
  bool shows_ids() const { return !key_; }

  // What stands for the id of a customer's tenant.
  TenantId id_of(const TenantId& tenant) const;
  // The same customers, who keep their true names beside those they are given.
  Customer named(Customer listed) const;
  CustomerList named(CustomerList list) const;
  friend bool operator==(const CustomerNaming&, const CustomerNaming&) = default;

 private:
  bool shows_names_ = true;
  std::optional<Secret> key_{};
};

}  // namespace pce
