#include "exporter/exposition/prepared_format.h"

#include <utility>

#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/process_telemetry.h"

namespace pce {

// Whoever prepares, from the moment that the others wait.
class PreparedFormat::Busy {
 public:
  explicit Busy(PreparedFormat& format) : format_(format) { format_.busy_ = true; }
  ~Busy() {
    const std::scoped_lock lock(format_.mutex_);
    format_.busy_ = false;
    format_.idle_.notify_all();
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  Busy(Busy&&) = delete;
  Busy& operator=(Busy&&) = delete;

 private:
  PreparedFormat& format_;
};

PreparedFormat::PreparedFormat(const SnapshotStore& store, const ProcessTelemetry& telemetry,
                               std::shared_ptr<const Layout> layout,
                               std::chrono::milliseconds remembered)
    : store_(store), telemetry_(telemetry), layout_(std::move(layout)), remembered_(remembered) {}

bool PreparedFormat::serves(const Wanted& wanted,
                            const std::shared_ptr<const Snapshot>& rows) const {
  if (!published_ || (wanted.rows && !rows)) return false;
  const Edition& edition = *published_->edition;
  return (edition.packed() || !wanted.packed) &&
         (!wanted.current || edition.shows(store_.current()));
}

bool PreparedFormat::lately(const Asked& asked) const {
  return asked && std::chrono::steady_clock::now() - *asked < remembered_;
}

PreparedFormat::Ready PreparedFormat::ready(const Wanted& wanted) {
  std::shared_ptr<Published> published;
  std::shared_ptr<const Snapshot> rows;
  {
    std::unique_lock lock(mutex_);
    const SteadyTime now = std::chrono::steady_clock::now();
    if (wanted.packed) packed_asked_ = now;
    if (wanted.rows) rows_asked_ = now;
    const auto served = [&] {
      rows = wanted.rows && published_ ? published_->edition->snapshot() : nullptr;
      if (serves(wanted, rows)) return true;
      rows = nullptr;
      return false;
    };
    idle_.wait(lock, [&] { return !busy_ || served(); });
    published = published_;
    if (!served()) {
      const Busy busy(*this);
      const bool pack = wanted.packed || lately(packed_asked_);
      auto let_go = rows_nobody_asks_for();
      lock.unlock();
      let_go = nullptr;
      Ready made = prepare(pack, std::move(published));
      if (!wanted.rows) made.rows = nullptr;
      return made;
    }
    if (wanted.rows) published->rows = rows;
  }
  return with_own_of_now(published, std::move(rows));
}

std::shared_ptr<const Snapshot> PreparedFormat::rows_nobody_asks_for() {
  return published_ && !lately(rows_asked_) ? std::exchange(published_->rows, nullptr) : nullptr;
}

void PreparedFormat::refresh() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !busy_; });
  const bool pack = lately(packed_asked_);
  if (!pack && !lately(rows_asked_)) {
    const auto forgotten = std::exchange(published_, nullptr);
    lock.unlock();
    return;  // and only now it dies
  }
  if (!published_) return;
  auto let_go = rows_nobody_asks_for();
  if (serves({.packed = pack, .current = true}, nullptr)) {
    lock.unlock();
    return;
  }
  const Busy busy(*this);
  auto former = published_;
  lock.unlock();
  let_go = nullptr;
  prepare(pack, std::move(former));
}

void PreparedFormat::forget() {
  std::unique_lock lock(mutex_);
  const auto forgotten = std::exchange(published_, nullptr);
  lock.unlock();
}

PreparedFormat::Ready PreparedFormat::prepare(bool packed, std::shared_ptr<Published> former) {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++own_number_;
  }
  // In this order: a round shows its rows before it reports itself, so what is reported here is
  // shown here as well.
  auto own = own_metrics();
  const auto snapshot = store_.current();
  auto edition = Edition::of(snapshot, layout_, packed, former ? former->edition.get() : nullptr);
  auto made = std::make_shared<Published>(Published{edition, nullptr, own, number});
  {
    const std::scoped_lock lock(mutex_);
    if (lately(rows_asked_)) made->rows = snapshot;
    published_.swap(made);
  }
  return {std::move(edition), snapshot, std::move(own)};
}

PreparedFormat::Ready PreparedFormat::with_own_of_now(const std::shared_ptr<Published>& published,
                                                      std::shared_ptr<const Snapshot> rows) {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++own_number_;
  }
  auto own = own_metrics();
  // What was reported until now had been shown before, and all that was shown before is in here.
  const bool shows_all = published->edition->shows(store_.current());
  const std::scoped_lock lock(mutex_);
  if (!shows_all) return {published->edition, std::move(rows), published->own};
  if (number > published->own_number) {
    published->own = own;
    published->own_number = number;
  }
  return {published->edition, std::move(rows), std::move(own)};
}

std::shared_ptr<const OwnMetrics> PreparedFormat::own_metrics() const {
  return std::make_shared<const OwnMetrics>(telemetry_.collect());
}

}  // namespace pce
