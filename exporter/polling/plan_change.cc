#include "exporter/polling/plan_change.h"

#include <algorithm>

namespace pce {

void PlanChange::adopt(const AccountPoller::Plan& former, const AccountPoller::Plan& plan) {
  const SteadyTime now = parts_.clock.steady();
  for (const DataSet* data_set : former.data_sets) {
    if (std::ranges::find(plan.data_sets, data_set) != plan.data_sets.end()) continue;
    parts_.intake.forget(*data_set);
    parts_.record.forget(*data_set);
  }
  parts_.calls.operations_are(plan.operations);
  parts_.telemetry.collectors_are(plan.collectors);
  parts_.telemetry.poll_interval(plan.interval);
  parts_.expiry.stale_after_is(plan.stale_after);
  parts_.intake.adopt(plan.guard, !plan.source.fixed);
  parts_.health.adopt(plan.data_sets);
  parts_.rest.interval_is(plan.interval);
  parts_.readings.adopt(plan.data_sets, plan.source, plan.interval, now);
  adopt_customers(former, plan, now);
  parts_.readings.renew(now);
  parts_.health.report(now, {});
}

void PlanChange::adopt_customers(const AccountPoller::Plan& former, const AccountPoller::Plan& plan,
                                 SteadyTime now) {
  const bool more = parts_.book.adopt(plan.customers, plan.guard);
  const bool asks_otherwise =
      parts_.reader.adopt(plan.customers.ids_to_ask_for(), plan.processed_date);
  if (more || asks_otherwise)
    parts_.readings.bulk_due(plan.processed_date != former.processed_date, now);
  if (!parts_.readings.wants_customers()) return forget_customers(plan.partner);
  if (plan.customers != former.customers) forget_excluded(plan.partner);
  if (plan.customers != former.customers || plan.resellers != former.resellers ||
      plan.targets != former.targets) {
    parts_.desk.adopt(plan.resellers, plan.targets);
  }
  if (plan.resellers && !former.resellers)
    parts_.readings.schedule().due_now(parts_.readings.list_key(), now);
}

void PlanChange::forget_customers(const std::string& partner) {
  parts_.publisher.remove_if([&](const Slice& slice) {
    return slice.key.partner == partner && !slice.key.customer_id.empty();
  });
  parts_.telemetry.customers(0, 0, 0);
  parts_.telemetry.customers_unavailable(0);
}

void PlanChange::forget_excluded(const std::string& partner) {
  if (parts_.book.knows_the_list()) return parts_.intake.forget_strangers();
  // Whom the names that are shown do not tell, nobody can judge before the list comes.
  const bool judged = parts_.book.naming().shows_names();
  parts_.publisher.remove_if([&](const Slice& slice) {
    const auto id = TenantId::parse(slice.key.customer_id);
    if (id && slice.key.partner == partner && !judged) return true;
    return id && slice.key.partner == partner &&
           parts_.book.standing(*id, slice.customer.plain()) == CustomerBook::Standing::kExcluded;
  });
}

}  // namespace pce
