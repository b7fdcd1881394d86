#include "exporter/polling/bulk_answers.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace pce {

std::size_t keep_ours(BulkAnswers& answers, const CustomerBook& book) {
  using Standing = CustomerBook::Standing;
  std::size_t unlisted = 0;
  std::erase_if(answers, [&](const CustomerDecoded& answer) {
    if (!answer.customer) return true;
    const Standing standing = book.standing(*answer.customer, answer.decoded.customer_name);
    if (standing == Standing::kUnlisted) ++unlisted;
    return standing != Standing::kOurs;
  });
  for (CustomerDecoded& answer : answers) answer.customer = book.naming().id_of(*answer.customer);
  std::ranges::sort(answers, {}, &CustomerDecoded::customer);
  return unlisted;
}

void add_silent(BulkAnswers& answers, std::vector<TenantId> customers) {
  std::ranges::sort(customers);
  customers.erase(std::ranges::unique(customers).begin(), customers.end());
  std::erase_if(customers, [&](const TenantId& id) {
    return std::ranges::binary_search(answers, std::optional(id), {}, &CustomerDecoded::customer);
  });
  if (customers.empty()) return;
  for (TenantId& id : customers) answers.push_back({.customer = std::move(id)});
  std::ranges::sort(answers, {}, &CustomerDecoded::customer);
}

}  // namespace pce
