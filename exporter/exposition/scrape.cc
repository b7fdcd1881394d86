#include "exporter/exposition/scrape.h"

#include <algorithm>
#include <utility>

#include <prometheus/metric_family.h>

#include "exporter/exposition/compression.h"
#include "exporter/exposition/negotiation.h"
#include "exporter/exposition/own_metrics_text.h"
#include "exporter/exposition/text_encoder.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/process_telemetry.h"

namespace pce {

Scraper::Scraper(const SnapshotStore& store, const ProcessTelemetry& telemetry,
                 const std::string& prefix)
    : store_(store), telemetry_(telemetry), families_(insight_families(prefix)) {}

std::string Scraper::text() const {
  // In this order: a round shows its rows before it reports itself, so what is reported here is
  // shown here as well.
  auto own = telemetry_.collect();
  const auto snapshot = store_.current();
  std::ranges::sort(own, {}, &prometheus::MetricFamily::name);

  std::string body;
  auto next_own = own.begin();
  for (const Family& family : families_) {
    for (; next_own != own.end() && next_own->name < family.name; ++next_own)
      append_family(body, *next_own);
    append_family(body, family, *snapshot);
  }
  for (; next_own != own.end(); ++next_own) append_family(body, *next_own);
  return body;
}

ScrapeAnswer Scraper::answer(const ScrapeRequest& request) const {
  ScrapeAnswer answer{.content_type = negotiated_content_type(request.accept),
                      .content_encoding = {},
                      .body = text()};
  if (accepts_gzip(request.accept_encoding)) {
    // Without memory for the compressor the plain body is still a whole and true answer.
    if (auto packed = gzip(answer.body)) {
      answer.body = *std::move(packed);
      answer.content_encoding = "gzip";
    }
  }
  return answer;
}

}  // namespace pce
