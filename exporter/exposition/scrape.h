#pragma once
// Answers one scrape from memory: the store's snapshot and our own metrics, negotiated and encoded.
// Any thread.
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exposition/families.h"

namespace pce {

class ProcessTelemetry;
class SnapshotStore;

struct ScrapeRequest {
  std::string_view accept{};  // header values as sent; empty: absent
  std::string_view accept_encoding{};
};

struct ScrapeAnswer {
  std::string content_type;
  std::string content_encoding{};  // "gzip", or empty for plain
  std::string body;
};

class Scraper {
 public:
  // Both must outlive the scraper. `prefix` stands in front of every insight metric's name.
  Scraper(const SnapshotStore& store, const ProcessTelemetry& telemetry, const std::string& prefix);
  ScrapeAnswer answer(const ScrapeRequest& request) const;

 private:
  std::string text(const Encoder& encoder) const;

  const SnapshotStore& store_;
  const ProcessTelemetry& telemetry_;
  const std::vector<Family> families_;
};

}  // namespace pce
