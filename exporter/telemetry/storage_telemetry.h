#pragma once
// What we measure about keeping answers for the next start. Any thread.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "exporter/base/clock.h"

namespace prometheus {
class Registry;
}

namespace pce {

class StorageTelemetry {
 public:
  explicit StorageTelemetry(prometheus::Registry& registry);
  ~StorageTelemetry();
  StorageTelemetry(const StorageTelemetry&) = delete;
  StorageTelemetry& operator=(const StorageTelemetry&) = delete;

  void written(bool succeeded, WallTime now);
  void waiting(std::size_t changes);
  void size(std::uint64_t bytes);
  void set_aside();
  void restored(std::size_t answers);  // in addition to those of other accounts
  // Why a kept answer was not used: damaged, future, question, unreadable.
  void dropped(std::string_view reason, std::size_t answers);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace pce
