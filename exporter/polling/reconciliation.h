#pragma once
// Partner Center counts the seats sold twice: for the partner as a whole and customer by customer.
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "exporter/store/snapshot.h"

namespace pce {

using ServiceAndChannel = std::pair<std::string, std::string>;  // service_code, channel; escaped

// Partner-wide licences sold minus those of all customers of this account, by service and channel.
// A pair that only one side names counts as 0 on the other; one with an unknown number on either
// side is left out. Only of meaning where both were read whole.
std::map<ServiceAndChannel, std::int64_t> licenses_sold_difference(const Snapshot& snapshot,
                                                                   const std::string& partner);

}  // namespace pce
