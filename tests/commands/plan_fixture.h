#pragma once
// Accounts as a survey might have found them.
#include <string>

#include "exporter/commands/plan_facts.h"
#include "exporter/insights/catalog.h"
#include "exporter/settings/settings.h"

namespace pce {

inline CollectorFacts bulk_facts(const char* collector, std::size_t pages, double rows,
                                 double series, Seconds each = Seconds(2)) {
  return {.data_set = find_data_set(collector),
          .source = Source::kCommercial,
          .pages = pages,
          .rows = {.value = rows},
          .series = {.value = series},
          .each = each,
          .first_page_only = pages > 1};
}

// Estimated from 100 customers.
inline CollectorFacts classic_facts(const char* collector, std::size_t customers,
                                    Seconds each = Seconds(0.5)) {
  return {.data_set = find_data_set(collector),
          .source = Source::kClassic,
          .readings = customers,
          .rows = {.value = 4.0 * static_cast<double>(customers), .margin = 100},
          .series = {.value = 12.0 * static_cast<double>(customers), .margin = 300},
          .each = each,
          .looked_at = std::min<std::size_t>(customers, 100)};
}

inline AccountFacts facts_of(std::size_t customers, std::vector<CollectorFacts> collectors) {
  return {.name = "contoso",
          .list = ListFacts{.customers = customers,
                            .chosen = customers,
                            .pages = 1 + customers / 500,
                            .each = Seconds(0.1)},
          .collectors = std::move(collectors),
          .sign_in = Seconds(0.25),
          .calls = 7,
          .sign_ins = 1,
          .time = Seconds(3)};
}

}  // namespace pce
