#pragma once
// Answers one scrape from memory: the store's snapshot and our own metrics, negotiated and encoded.
#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exposition/body.h"
#include "exporter/exposition/selection.h"

namespace pce {

class PreparedFormat;
class ProcessTelemetry;
class SnapshotStore;

struct ScrapeRequest {
  std::string_view accept{};  // header values as sent; empty: absent
  std::string_view accept_encoding{};
  Selection selection{};
};

struct ScrapeAnswer {
  std::string content_type;
  std::string content_encoding{};  // "gzip", or empty for plain
  Body body{};
};

struct ScrapePace {
  // A format nobody has asked for this long is no longer kept ready.
  std::chrono::milliseconds remembered = std::chrono::minutes(15);
  // After preparing, changes are gathered so many times as long as that took, …
  int rest = 4;
  // … but no longer than this.
  std::chrono::milliseconds rest_max = std::chrono::seconds(1);
};

class Scraper {
 public:
  // Both must outlive the scraper. `prefix` stands in front of every insight metric's name.
  Scraper(const SnapshotStore& store, const ProcessTelemetry& telemetry, const std::string& prefix,
          ScrapePace pace = {});
  ~Scraper();
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;
  Scraper(Scraper&&) = delete;
  Scraper& operator=(Scraper&&) = delete;

  // Any thread. While run() runs, the answer is what was prepared last, a moment behind the store;
  // otherwise, and where it is to be encoded from rows that nobody held, whoever asks prepares what
  // is not prepared yet. A selection is cut out of that, and
  // encoded for this answer as far as it has parts of what was prepared as one. The answer may
  // outlive the scraper.
  // Throws std::bad_alloc.
  ScrapeAnswer answer(const ScrapeRequest& request) const;

  // Prepares anew what is asked for whenever the store has changed, until `stop`. One thread.
  void run(std::stop_token stop);

 private:
  void refresh();

  const SnapshotStore& store_;
  const ScrapePace pace_;
  std::vector<std::unique_ptr<PreparedFormat>> prepared_;  // by format, as in formats()
  std::atomic<bool> followed_ = false;                     // run() runs
};

}  // namespace pce
