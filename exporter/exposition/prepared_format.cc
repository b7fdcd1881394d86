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

bool PreparedFormat::serves(bool packed, bool current) const {
  if (!published_) return false;
  const Edition& edition = *published_->edition;
  return (edition.packed() || !packed) && (!current || edition.snapshot() == store_.current());
}

bool PreparedFormat::asked_lately(bool packed) const {
  const auto& asked = asked_[packed ? 1 : 0];
  return asked && std::chrono::steady_clock::now() - *asked < remembered_;
}

PreparedFormat::Ready PreparedFormat::ready(bool packed, bool current) {
  std::shared_ptr<Published> published;
  {
    std::unique_lock lock(mutex_);
    asked_[packed ? 1 : 0] = std::chrono::steady_clock::now();
    idle_.wait(lock, [&] { return !busy_ || serves(packed, current); });
    published = published_;
    if (!serves(packed, current)) {
      const Busy busy(*this);
      const bool pack = packed || asked_lately(true);
      lock.unlock();
      return prepare(pack, std::move(published));
    }
  }
  return with_own_of_now(published);
}

void PreparedFormat::refresh() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !busy_; });
  const bool pack = asked_lately(true);
  if (!pack && !asked_lately(false)) {
    const auto forgotten = std::exchange(published_, nullptr);
    lock.unlock();
    return;  // and only now it dies
  }
  if (!published_ || serves(pack, true)) return;
  const Busy busy(*this);
  auto former = published_;
  lock.unlock();
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
  auto edition =
      Edition::of(store_.current(), layout_, packed, former ? former->edition.get() : nullptr);
  auto made = std::make_shared<Published>(Published{edition, own, number});
  {
    const std::scoped_lock lock(mutex_);
    published_.swap(made);
  }
  return {std::move(edition), std::move(own)};
}

PreparedFormat::Ready PreparedFormat::with_own_of_now(const std::shared_ptr<Published>& published) {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++own_number_;
  }
  auto own = own_metrics();
  // What was reported until now had been shown before, and all that was shown before is in here.
  const bool shows_all = published->edition->snapshot() == store_.current();
  const std::scoped_lock lock(mutex_);
  if (!shows_all) return {published->edition, published->own};
  if (number > published->own_number) {
    published->own = own;
    published->own_number = number;
  }
  return {published->edition, std::move(own)};
}

std::shared_ptr<const OwnMetrics> PreparedFormat::own_metrics() const {
  return std::make_shared<const OwnMetrics>(telemetry_.collect());
}

}  // namespace pce
