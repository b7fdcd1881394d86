#include "exporter/exposition/scrape.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "exporter/exposition/negotiation.h"
#include "exporter/exposition/prepared_format.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/log.h"

namespace pce {

Scraper::Scraper(const SnapshotStore& store, const ProcessTelemetry& telemetry,
                 const std::string& prefix, ScrapePace pace)
    : store_(store), pace_(pace) {
  const auto families = insight_families(prefix);
  for (const Format& format : formats()) {
    prepared_.push_back(std::make_unique<PreparedFormat>(
        store, telemetry, std::make_shared<const Layout>(format.encoder(), families),
        pace.remembered));
  }
}

Scraper::~Scraper() = default;

ScrapeAnswer Scraper::answer(const ScrapeRequest& request) const {
  Negotiated wanted = negotiated(request.accept);
  const bool packed = prefers_gzip(request.accept_encoding);
  const auto index = static_cast<std::size_t>(wanted.format - formats().data());
  const Selection& selection = request.selection;
  auto [edition, rows, own] = prepared_[index]->ready(
      {.packed = packed, .rows = !packed || !selection.everything(), .current = !followed_});
  if (!selection.everything()) {
    rows = selected(rows, selection);
    edition = Edition::of_part(*edition, rows, packed);
    own = std::make_shared<const OwnMetrics>(selected(*own, selection));
  }
  return {.content_type = std::move(wanted.content_type),
          .content_encoding = packed ? "gzip" : "",
          .body = packed ? packed_body(std::move(edition), *own)
                         : plain_body(std::move(edition), std::move(rows), *own)};
}

void Scraper::run(std::stop_token stop) {
  followed_ = true;
  std::weak_ptr<const Snapshot> seen;
  std::mutex mutex;
  std::condition_variable_any never;
  while (!stop.stop_requested()) {
    seen = store_.other_than(seen, stop);
    if (stop.stop_requested()) break;
    const SteadyTime began = std::chrono::steady_clock::now();
    refresh();
    const auto took = std::chrono::steady_clock::now() - began;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, std::min<SteadyTime::duration>(took * pace_.rest, pace_.rest_max),
                   [] { return false; });
  }
  followed_ = false;
}

void Scraper::refresh() {
  for (const auto& format : prepared_) {
    try {
      format->refresh();
    } catch (const std::exception& failure) {
      // Rather no answer than one that grows old unseen: the next scrape prepares, or fails.
      format->forget();
      log_error("Cannot prepare the metrics for a scrape", {{"error", failure.what()}});
    }
  }
}

}  // namespace pce
