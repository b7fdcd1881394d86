#pragma once
// Which indirect reseller serves which customer, as an indirect provider sees it.
// Source: Partner Center REST docs, "Retrieve a list of indirect resellers", "Get customers of an
// indirect reseller". Shape of a relationship: {"id","name","relationshipType","state",…}.
#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/base/units.h"
#include "exporter/partner_center/body_source.h"

namespace pce {

struct ResellerList {
  // The reseller's name, its id where it has none. A customer of several has their names sorted and
  // joined by ", ". Customers who are not in here have no reseller that is known.
  std::map<TenantId, std::string> reseller_of{};
  std::size_t resellers = 0;  // active ones
  std::size_t pages = 0;      // read, of resellers and of their customers
  bool complete = false;
  std::optional<Error> failure{};  // the first one; what the other resellers said is kept
};

inline constexpr std::string_view kRelationshipsOperation = "relationships";

// One call for the resellers, under kRelationshipsOperation, and for each active one its customers,
// under kCustomersOperation; more where there are pages, see seek_pages(). After an error that
// is_about_the_token() and kCancelled no further reseller is asked for. `correlation_id`: see
// ApiCall.
ResellerList read_resellers(BodySource& client, const std::string& correlation_id,
                            std::stop_token stop);

}  // namespace pce
