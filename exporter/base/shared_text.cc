#include "exporter/base/shared_text.h"

#include <new>

namespace pce {

SharedText::Block* SharedText::copy_of(std::string_view text) {
  if (text.empty()) return nullptr;
  Block* const block = new (::operator new(sizeof(Block) + text.size()))
      Block{.holders = 1, .size = static_cast<std::uint32_t>(text.size())};
  text.copy(block->bytes(), text.size());
  return block;
}

}  // namespace pce
