#include "exporter/polling/publisher.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

constexpr auto kTellAgain = std::chrono::hours(1);

}  // namespace

void Publisher::add(std::shared_ptr<const Slice> slice) {
  {
    const std::scoped_lock lock(mutex_);
    gathered_.push_back(std::move(slice));
    if (clock_.steady() - shown_ < std::chrono::seconds(1)) return;
  }
  flush();
}

void Publisher::flush() { show(take_gathered(), {}); }

void Publisher::replace(std::vector<std::shared_ptr<const Slice>> added,
                        const std::vector<SliceKey>& removed) {
  auto slices = take_gathered();
  // Gathered before it was to go.
  std::erase_if(slices, [&](const auto& slice) {
    return std::ranges::find(removed, slice->key) != removed.end();
  });
  std::ranges::move(added, std::back_inserter(slices));
  added = {};
  show(slices, removed);
}

std::vector<std::shared_ptr<const Slice>> Publisher::take_gathered() {
  const std::scoped_lock lock(mutex_);
  shown_ = clock_.steady();
  return std::exchange(gathered_, {});
}

void Publisher::show(const std::vector<std::shared_ptr<const Slice>>& added,
                     const std::vector<SliceKey>& removed) {
  const std::scoped_lock lock(showing_);
  if (closed_) return;
  if (store_.replace(added, removed)) tell_who_is_left_out();
}

void Publisher::close(const std::string& partner) {
  const std::scoped_lock lock(showing_);
  closed_ = true;
  store_.remove_if([&](const Slice& slice) { return slice.key.partner == partner; });
}

std::size_t Publisher::remove_if(const std::function<bool(const Slice&)>& gone) {
  const std::scoped_lock lock(showing_);
  if (closed_) return 0;
  const auto removal = store_.remove_if(gone);
  if (removal.left_out_changed) tell_who_is_left_out();
  return removal.slices;
}

void Publisher::tell_who_is_left_out() {
  const SeriesCount count = store_.series();
  {
    const std::scoped_lock lock(mutex_);
    const SteadyTime now = clock_.steady();
    const bool some = count.customers_left_out > 0;
    // While a round goes on the border moves with every generation; metrics tell that better.
    if (some && told_ && now - *told_ < kTellAgain) return;
    told_ = some ? std::optional(now) : std::nullopt;
  }
  if (count.customers_left_out == 0) {
    log_info("All series fit limits.series again", {{"series", count.shown}});
    return;
  }
  log_warn("limits.series leaves customers out; raise it, or narrow customers.include",
           {{"series", count.shown},
            {"series_left_out", count.left_out},
            {"customers_left_out", count.customers_left_out}});
}

}  // namespace pce
