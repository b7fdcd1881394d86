#pragma once
// What a bulk answer says of each customer, customer by customer.
#include <cstddef>
#include <deque>
#include <vector>

#include "exporter/base/units.h"
#include "exporter/insights/bulk_decoder.h"
#include "exporter/polling/customer_book.h"

namespace pce {

// Sorted by id, no two alike.
using BulkAnswers = std::deque<CustomerDecoded>;

// Leaves what is about our customers, by what they are called here. Returns how many of the others
// the customer list does not name.
std::size_t keep_ours(BulkAnswers& answers, const CustomerBook& book);
// Of these, whom the answers do not name has no rows in them. In any order, also twice.
void add_silent(BulkAnswers& answers, std::vector<TenantId> customers);

}  // namespace pce
