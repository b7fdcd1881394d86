#pragma once
// An answer of Partner Center as it is kept for the next start: the bodies as they came, and what
// they were the answer to.
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/compression/packed_text.h"

namespace pce {

struct StoredAnswer {
  std::string account{};    // its name
  std::string tenant{};     // its tenant's id
  std::string collector{};  // what was asked for
  std::string customer{};   // whom it is about; empty: everybody, or the partner
  std::string source{};     // see source.h; empty where there is one only
  std::string address{};    // what was asked: API base, path and query, nothing secret
  WallTime fetched{};       // when the answer was complete
  // Asked because the other source's answer was in doubt: it says nothing of which one is in use.
  bool second_opinion = false;
  // Of an answer about everybody: the customers it is not believed about, sorted. What was believed
  // about them before still holds.
  std::vector<std::string> held{};
  std::vector<PackedText> bodies{};  // page after page
};

// Of every part of it, so that an answer with this checksum is the one that was kept, whatever
// became of the file: 32 bytes.
std::string checksum_of(const StoredAnswer& answer);

}  // namespace pce
