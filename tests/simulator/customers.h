#pragma once
// /v1/customers, /v1/customers/{id} and the relationships of indirect providers. Source:
// partner-center-api.md section 4.
#include <optional>

#include "tests/simulator/estate.h"
#include "tests/simulator/message.h"
#include "tests/simulator/settings.h"
#include "tests/simulator/spelling.h"

namespace simulator {

// Which page a call of /v1/customers asks for, the first being 1; nullopt when its continuation
// token is none of ours.
std::optional<std::size_t> page_of_customers(const Request& request);
Response list_customers(const Request& request, const Estate& estate, const Settings& settings,
                        const Spelling& spelling);
Response one_customer(const Estate& estate, std::size_t number, const Spelling& spelling);
Response relationships(const Request& request, const Spelling& spelling);
Response customer_relationships(const Estate& estate, std::size_t number, const Spelling& spelling);

}  // namespace simulator
