#pragma once
// Bodies in pieces, taken apart and put together.
#include <memory>
#include <string>
#include <utility>

#include "exporter/exposition/body.h"

namespace pce {

// All of it; a test failure when it is not as long as it says.
inline std::string text_of(const Body& body) {
  std::string text;
  for (const std::string_view piece : body.pieces) text += piece;
  while (body.pieces.empty() && text.size() < body.size) {
    const std::string_view piece = body.next();
    if (piece.empty()) break;
    text += piece;
  }
  EXPECT_EQ(text.size(), body.size);
  return text;
}

inline Body body_of(std::string text) {
  const auto kept = std::make_shared<const std::string>(std::move(text));
  if (kept->empty()) return {};
  return {.size = kept->size(), .pieces = {*kept}, .owner = kept};
}

}  // namespace pce
