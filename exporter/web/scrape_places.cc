#include "exporter/web/scrape_places.h"

#include <utility>

namespace pce {

std::shared_ptr<const void> ScrapePlaces::take(const std::string& client) {
  // The deleter keeps us alive; the pointer itself only has to be something other than null.
  auto give_back = [self = shared_from_this(), client](const void*) { self->give_back(client); };
  {
    const std::scoped_lock lock(mutex_);
    const auto found = by_client_.find(client);
    const int mine = found == by_client_.end() ? 0 : found->second;
    if (count_ > 0 && (taken_ >= count_ + (count_ + 1) / 2 || mine >= count_)) return nullptr;
    ++by_client_[client];
    ++taken_;
  }
  return {this, std::move(give_back)};
}

void ScrapePlaces::give_back(const std::string& client) {
  const std::scoped_lock lock(mutex_);
  --taken_;
  const auto mine = by_client_.find(client);
  if (--mine->second == 0) by_client_.erase(mine);
}

}  // namespace pce
