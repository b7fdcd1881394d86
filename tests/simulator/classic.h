#pragma once
// Bodies of the four classic insights. Source: partner-center-api.md 1.5; keys in the order of
// Microsoft's documents.
#include <string>

#include "tests/simulator/estate.h"
#include "tests/simulator/spelling.h"

namespace simulator {

std::string partner_deployment(const Estate& estate, const Spelling& spelling);              // A1
std::string partner_usage(const Estate& estate, const Spelling& spelling, bool documented);  // A2
std::string customer_deployment(const Estate& estate, std::size_t customer,
                                const Spelling& spelling);  // A3
std::string customer_usage(const Estate& estate, std::size_t customer,
                           const Spelling& spelling);  // A4

// The counts as variants change them.
Holding as_spelt(Holding holding, const Spelling& spelling);

}  // namespace simulator
