#include "exporter/base/secret.h"

#include <cstring>
#include <ostream>
#include <utility>

namespace pce {

Secret::Secret(Secret&& other) noexcept : content_(std::move(other.content_)) { other.wipe(); }

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    content_ = other.content_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    content_ = std::move(other.content_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() { wipe(); }

// The whole capacity, since a short text that was moved away leaves its bytes in the string's own
// buffer.
void Secret::wipe() {
  content_.resize(content_.capacity());
  explicit_bzero(content_.data(), content_.size());
  content_.clear();
}

std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "<secret>"; }

}  // namespace pce
