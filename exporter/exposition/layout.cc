#include "exporter/exposition/layout.h"

#include <algorithm>
#include <utility>

#include "exporter/compression/deflate.h"

namespace pce {

Layout::Layout(const Encoder& format, const std::vector<Family>& insights) : encoder(format) {
  const auto deflater = make_deflater();
  for (const Family& family : insights) {
    std::string head;
    encoder.append_head(head, family);
    std::string blocks;
    deflater->append_blocks(blocks, head);
    const Checksum checksum{.size = head.size(), .crc = deflater->crc(head)};
    families.push_back({.name = encoder.family_name(family),
                        .data_set = family.data_set,
                        .samples = InsightSamples(family, encoder),
                        .head = std::move(head),
                        .head_blocks = std::move(blocks),
                        .head_checksum = checksum});
  }
  std::ranges::sort(families, {}, &FamilyLayout::name);
}

}  // namespace pce
