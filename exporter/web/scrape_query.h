#pragma once
// The query of a scrape: collect[] or exclude[], partner[] and customer_id[], each as often as one
// likes. Other parameters are not ours and passed over. Pure.
// Source: node_exporter's README, "Filtering enabled collectors".
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/exposition/selection.h"

namespace pce {

inline constexpr std::size_t kScrapeQueryMax = 8UL * 1024;  // bytes

// `partners`: the names of all accounts. Errors: kTooLarge for a query of more than kScrapeQueryMax
// bytes, which nobody reads; kRejected for all else. They name what there is to choose from, and
// repeat nothing of what was sent.
Result<Selection> scrape_selection(std::string_view query, std::span<const std::string> partners);

}  // namespace pce
