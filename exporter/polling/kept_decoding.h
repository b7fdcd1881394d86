#pragma once
// Decodes answers that were kept, on several threads, which share the pages of a large one.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/compression/packed_text.h"
#include "exporter/insights/bulk_decoder.h"
#include "exporter/polling/reading.h"

namespace pce {

struct KeptAnswer {
  const Reading& reading;                // what they answer
  const std::vector<PackedText>& pages;  // one, where the source is the classic one
};

struct KeptDecoded {
  BulkDecoded answer;
  std::optional<std::int64_t> rows_announced{};  // by the last page that says so
};

// One for each of `kept`; nullopt: it cannot be read. `threads`: 1 or more.
std::vector<std::optional<KeptDecoded>> decode_kept(std::span<const KeptAnswer> kept,
                                                    std::size_t threads, LabelPool& labels);

}  // namespace pce
