#pragma once
// One format, kept ready to be sent: prepared when the data changes and not when somebody scrapes.
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

  struct Wanted {
    bool packed = false;
    bool rows = false;     // what the edition shows, too: all but a packed body of it all need them
    bool current = false;  // all there is to show now, not what was prepared last
  };
  struct Ready {
    std::shared_ptr<const Edition> edition;
    std::shared_ptr<const Snapshot> rows;  // null unless wanted
    // Of this moment, or of the last one at which the edition showed all there is to show: so they
    // never report a round whose rows the edition does not show.
    std::shared_ptr<const OwnMetrics> own;
  };
  // What is missing is prepared by whoever asks first, and others wait for it. Rows are held for
  // who asked for them; where nobody does, they go as soon as the store has others, and only blocks
  // are there twice until the new ones are prepared. Throws std::bad_alloc.
  Ready ready(const Wanted& wanted);
  // Prepares what is asked for anew if there is something new. Throws std::bad_alloc.
  void refresh();
  // Lets go of what is prepared.
  void forget();

 private:
  struct Published {
    std::shared_ptr<const Edition> edition;
    std::shared_ptr<const Snapshot> rows;   // under mutex_; null: nobody asked for them
    std::shared_ptr<const OwnMetrics> own;  // under mutex_
    std::uint64_t own_number = 0;           // under mutex_: the younger, the higher
  };
  class Busy;

  using Asked = std::optional<SteadyTime>;
  // These three by whoever holds mutex_.
  bool serves(const Wanted& wanted, const std::shared_ptr<const Snapshot>& rows) const;
  bool lately(const Asked& asked) const;
  std::shared_ptr<const Snapshot> rows_nobody_asks_for();  // which are not held any more
  Ready prepare(bool packed, std::shared_ptr<Published> former);
  Ready with_own_of_now(const std::shared_ptr<Published>& published,
                        std::shared_ptr<const Snapshot> rows);
  std::shared_ptr<const OwnMetrics> own_metrics() const;

  const SnapshotStore& store_;
  const ProcessTelemetry& telemetry_;
  const std::shared_ptr<const Layout> layout_;
  const std::chrono::milliseconds remembered_;

  mutable std::mutex mutex_;  // never held while something is encoded
  std::condition_variable idle_;
  bool busy_ = false;  // somebody is preparing
  std::shared_ptr<Published> published_;
  Asked packed_asked_;
  Asked rows_asked_;
  std::uint64_t own_number_ = 0;
};

}  // namespace pce
