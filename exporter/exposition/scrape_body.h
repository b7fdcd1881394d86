#pragma once
// Puts an answer together: what an edition has prepared, and our own metrics of this moment between
// it, in the order of names.
#include <memory>

#include "exporter/exposition/body.h"
#include "exporter/exposition/edition.h"
#include "exporter/exposition/own_metrics_text.h"

namespace pce {

// One gzip member; of a packed() edition only. Nothing prepared is copied.
Body packed_body(std::shared_ptr<const Edition> edition, const OwnMetrics& own);
// The text, encoded while it is sent from `snapshot`, which is what the edition shows.
Body plain_body(std::shared_ptr<const Edition> edition, std::shared_ptr<const Snapshot> snapshot,
                const OwnMetrics& own);

}  // namespace pce
