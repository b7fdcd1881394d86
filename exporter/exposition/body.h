#pragma once
// The body of an answer as pieces of memory, so that nobody has to put them together.
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace pce {

struct Body {
  std::uint64_t size = 0;  // of all pieces
  // Where all of them stand in memory, they stay while `owner` does.
  std::vector<std::string_view> pieces{};
  std::shared_ptr<const void> owner{};
  // Otherwise each is made when it is asked for and stays until the next one is; none is empty
  // before `size` bytes have come. May throw std::bad_alloc. One thread at a time.
  std::function<std::string_view()> next{};
};

}  // namespace pce
