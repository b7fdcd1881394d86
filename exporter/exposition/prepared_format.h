#pragma once
// One format, kept ready to be sent: prepared when the data changes and not when somebody scrapes.
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "exporter/base/clock.h"
#include "exporter/exposition/edition.h"
#include "exporter/exposition/scrape_body.h"

namespace pce {

class ProcessTelemetry;
class SnapshotStore;

// Any thread.
class PreparedFormat {
 public:
  // Store and telemetry must outlive this. What nobody has asked for as long as `remembered` is not
  // kept ready.
  PreparedFormat(const SnapshotStore& store, const ProcessTelemetry& telemetry,
                 std::shared_ptr<const Layout> layout, std::chrono::milliseconds remembered);

  struct Ready {
    std::shared_ptr<const Edition> edition;
    // Of this moment, or of the last one at which the edition showed all there is to show: so they
    // never report a round whose rows the edition does not show.
    std::shared_ptr<const OwnMetrics> own;
  };
  // What there is; `current`: only if it shows all there is to show now. What is missing is
  // prepared by whoever asks first, and others wait for it. Throws std::bad_alloc.
  Ready ready(bool packed, bool current);
  // Prepares what is asked for anew if there is something new. Throws std::bad_alloc.
  void refresh();
  // Lets go of what is prepared.
  void forget();

 private:
  struct Published {
    std::shared_ptr<const Edition> edition;
    std::shared_ptr<const OwnMetrics> own;  // under mutex_
    std::uint64_t own_number = 0;           // under mutex_: the younger, the higher
  };
  class Busy;

  bool serves(bool packed, bool current) const;  // by whoever holds mutex_
  bool asked_lately(bool packed) const;          // by whoever holds mutex_
  Ready prepare(bool packed, std::shared_ptr<Published> former);
  Ready with_own_of_now(const std::shared_ptr<Published>& published);
  std::shared_ptr<const OwnMetrics> own_metrics() const;

  const SnapshotStore& store_;
  const ProcessTelemetry& telemetry_;
  const std::shared_ptr<const Layout> layout_;
  const std::chrono::milliseconds remembered_;

  mutable std::mutex mutex_;  // never held while something is encoded
  std::condition_variable idle_;
  bool busy_ = false;  // somebody is preparing
  std::shared_ptr<Published> published_;
  std::array<std::optional<SteadyTime>, 2> asked_{};  // plain and packed
  std::uint64_t own_number_ = 0;
};

}  // namespace pce
