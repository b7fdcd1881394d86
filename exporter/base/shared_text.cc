#include "exporter/base/shared_text.h"

#include <cassert>
#include <limits>
#include <new>

namespace pce {

SharedText::Block* SharedText::copy_of(std::string_view text) {
  if (text.empty()) return nullptr;
  assert(text.size() <= std::numeric_limits<std::uint32_t>::max());
  Block* const block = new (::operator new(sizeof(Block) + text.size()))
      Block{.holders = 1, .size = static_cast<std::uint32_t>(text.size())};
  text.copy(block->bytes(), text.size());
  return block;
}

}  // namespace pce
