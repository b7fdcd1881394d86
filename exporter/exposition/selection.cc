#include "exporter/exposition/selection.h"

#include <string_view>
#include <utility>

namespace pce {
namespace {

using Run = std::shared_ptr<const SliceRun>;
using Share = CustomerChoice::Share;

bool takes(const std::optional<Selection::Names>& names, std::string_view name) {
  return !names || names->contains(name);
}

bool takes(const Selection& selection, const prometheus::ClientMetric& metric) {
  for (const auto& [name, value] : metric.label) {
    if (name == "collector" && !takes(selection.collectors, value)) return false;
    if (name != "partner") continue;
    if (!takes(selection.partners, value)) return false;
    if (selection.customers && !selection.customers->has({})) return false;
  }
  return true;
}

Run selected_run(const Run& whole, Share share, const Selection& selection) {
  if (share == Share::kNone) return nullptr;
  if (share == Share::kAll && !selection.partners) return whole;
  auto part = std::make_shared<SliceRun>();
  for (const auto& slice : whole->slices) {
    if (!takes(selection.partners, slice->key.partner)) continue;
    if (share == Share::kSome && !selection.customers->has(slice->key.customer_id)) continue;
    part->slices.push_back(slice);
    part->records += slice->records.size();
  }
  if (part->slices.size() == whole->slices.size()) return whole;
  return part->slices.empty() ? nullptr : std::move(part);
}

}  // namespace

std::shared_ptr<const Snapshot> selected(const std::shared_ptr<const Snapshot>& whole,
                                         const Selection& selection) {
  return Snapshot::chosen(
      whole, [&](const DataSet& data_set, std::size_t first_byte, const Run& run) -> Run {
        if (!takes(selection.collectors, data_set.collector)) return nullptr;
        const Share share =
            selection.customers ? selection.customers->of_first_byte(first_byte) : Share::kAll;
        return selected_run(run, share, selection);
      });
}

OwnMetrics selected(const OwnMetrics& all, const Selection& selection) {
  OwnMetrics part;
  for (const prometheus::MetricFamily& family : all) {
    prometheus::MetricFamily chosen{
        .name = family.name, .help = family.help, .type = family.type, .metric = {}};
    for (const prometheus::ClientMetric& metric : family.metric) {
      if (takes(selection, metric)) chosen.metric.push_back(metric);
    }
    if (!chosen.metric.empty()) part.push_back(std::move(chosen));
  }
  return part;
}

}  // namespace pce
