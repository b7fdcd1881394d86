#pragma once
// A pointer that counts in the object itself how many hold it: one word wide, half of what
// std::shared_ptr takes, which counts where there are millions.
#include <atomic>
#include <cstdint>
#include <utility>

namespace pce {

// An Object has `std::atomic<std::uint32_t> holders`, which is 1 from the beginning, and a static
// `destroy(Object*)`, which the last holder calls. Copies of one may be held by any thread.
template <typename Object>
class Held {
 public:
  Held() = default;
  explicit Held(Object* made) : object_(made) {}  // takes the first hold over
  Held(const Held& other) : object_(other.object_) {
    if (object_ != nullptr) object_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Held(Held&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Held& operator=(Held other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Held() {
    if (object_ != nullptr && object_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1)
      Object::destroy(object_);
  }

  Object* get() const { return object_; }
  Object* operator->() const { return object_; }
  bool held_by_nobody_else() const { return object_->holders.load(std::memory_order_acquire) == 1; }
  friend bool operator==(const Held&, const Held&) = default;

 private:
  Object* object_ = nullptr;
};

}  // namespace pce
