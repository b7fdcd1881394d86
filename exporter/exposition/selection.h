#pragma once
// What a scrape asks for, where it does not ask for everything. Source for the collectors:
// node_exporter's README, "Filtering enabled collectors".
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "exporter/exposition/customer_choice.h"
#include "exporter/exposition/own_metrics_text.h"
#include "exporter/store/snapshot.h"

namespace pce {

// Whatever is not given lets everything through; what is given must all agree.
struct Selection {
  using Names = std::set<std::string, std::less<>>;
  std::optional<Names> collectors{};  // values of the label `collector`
  std::optional<Names> partners{};    // of the label `partner`
  std::optional<CustomerChoice> customers{};

  bool everything() const { return !collectors && !partners && !customers; }
};

// Of the same generation. What is selected as a whole is shared, and what cannot be is not looked
// at.
std::shared_ptr<const Snapshot> selected(const std::shared_ptr<const Snapshot>& whole,
                                         const Selection& selection);
// A sample of ours is selected by its labels `collector` and `partner`, as far as it has them; with
// the latter it is about an account as a whole, see kNobodysId. The others always are.
OwnMetrics selected(const OwnMetrics& all, const Selection& selection);

}  // namespace pce
