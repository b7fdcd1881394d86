#pragma once
// /v1/customers, /v1/customers/{id} and the relationships of indirect providers. Source:
// partner-center-api.md section 4.
#include "tests/simulator/estate.h"
#include "tests/simulator/message.h"
#include "tests/simulator/settings.h"
#include "tests/simulator/spelling.h"

namespace simulator {

Response list_customers(const Request& request, const Estate& estate, const Settings& settings,
                        const Spelling& spelling);
Response one_customer(const Estate& estate, std::size_t number, const Spelling& spelling);
Response relationships(const Request& request, const Spelling& spelling);
Response customer_relationships(const Estate& estate, std::size_t number, const Spelling& spelling);

}  // namespace simulator
