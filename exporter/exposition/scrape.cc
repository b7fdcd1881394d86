#include "exporter/exposition/scrape.h"

#include <algorithm>
#include <utility>

#include <prometheus/metric_family.h>

#include "exporter/exposition/compression.h"
#include "exporter/exposition/insight_samples.h"
#include "exporter/exposition/negotiation.h"
#include "exporter/exposition/own_metrics_text.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/process_telemetry.h"

namespace pce {

Scraper::Scraper(const SnapshotStore& store, const ProcessTelemetry& telemetry,
                 const std::string& prefix)
    : store_(store), telemetry_(telemetry), families_(insight_families(prefix)) {}

std::string Scraper::text(const Encoder& encoder) const {
  // In this order: a round shows its rows before it reports itself, so what is reported here is
  // shown here as well.
  const auto own = telemetry_.collect();
  const auto snapshot = store_.current();
  std::vector<std::pair<std::string, std::string>> texts;  // by family name
  for (const auto& family : own) {
    auto& [name, text] = texts.emplace_back(encoder.family_name(head_of(family)), std::string());
    append_family(text, family, encoder);
  }
  for (const Family& family : families_) {
    auto& [name, text] = texts.emplace_back(encoder.family_name(family), std::string());
    const InsightSamples samples(family, encoder);
    if (const Snapshot::Runs* runs = snapshot->runs(*family.data_set)) {
      for (const auto& run : *runs) {
        if (run) samples.append(text, *run);
      }
    }
    if (text.empty()) continue;
    std::string head;
    encoder.append_head(head, family);
    text.insert(0, head);
  }
  std::ranges::sort(texts);
  std::string body;
  for (const auto& [name, text] : texts) body += text;
  return body.append(encoder.end());
}

ScrapeAnswer Scraper::answer(const ScrapeRequest& request) const {
  Negotiated wanted = negotiated(request.accept);
  ScrapeAnswer answer{.content_type = std::move(wanted.content_type),
                      .content_encoding = {},
                      .body = text(wanted.format->encoder())};
  if (prefers_gzip(request.accept_encoding)) {
    // Without memory for the compressor the plain body is still a whole and true answer.
    if (auto packed = gzip(answer.body)) {
      answer.body = *std::move(packed);
      answer.content_encoding = "gzip";
    }
  }
  return answer;
}

}  // namespace pce
