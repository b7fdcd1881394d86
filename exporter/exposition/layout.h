#pragma once
// What stays the same from one exposition to the next in one format: which insight families there
// are, their heads, and how their samples are written.
#include <memory>
#include <string>
#include <vector>

#include "exporter/exposition/encoder.h"
#include "exporter/exposition/families.h"
#include "exporter/compression/gzip_member.h"
#include "exporter/exposition/insight_samples.h"

namespace pce {

struct FamilyLayout {
  std::string name;  // the one that families are sorted by
  const DataSet* data_set;
  InsightSamples samples;
  std::string head;         // the lines before the first sample
  std::string head_blocks;  // the same, compressed
  Checksum head_checksum;
};

struct Layout {
  Layout(const Encoder& format, const std::vector<Family>& families);

  const Encoder& encoder;
  std::vector<FamilyLayout> families;  // sorted by name
};

}  // namespace pce
