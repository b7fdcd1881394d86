#include "exporter/telemetry/poll_telemetry.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "exporter/telemetry/families.h"

namespace pce {
namespace {

constexpr const char* kRejections[] = {"foreign", "missing", "range", "type"};

}  // namespace

struct PollTelemetry::Families {
  Families(prometheus::Registry& r, std::string name) : registry(r), partner(std::move(name)) {}

  prometheus::Registry& registry;
  const std::string partner;

  GaugeFamily& up = gauge(
      registry, "partner_center_up",
      "1 when the last reading of everything succeeded, 0 otherwise and before the first round.");
  GaugeFamily& success = gauge(registry, "partner_center_collector_success",
                               "Whether the collector's last readings all succeeded and, taken "
                               "together, are believed.");
  GaugeFamily& duration = gauge(registry, "partner_center_collector_duration_seconds",
                                "Time the collector's last readings took.");
  GaugeFamily& last_success =
      gauge(registry, "partner_center_collector_last_success_timestamp_seconds",
            "Unix time at which the collector last had succeeded in everything, 0 if never.");
  GaugeFamily& source =
      gauge(registry, "partner_center_collector_source_info",
            "Always 1; the label source says from which generation of endpoints the collector is "
            "read now: commercial (in bulk) or classic (customer by customer).");
  GaugeFamily& rows =
      gauge(registry, "partner_center_collector_rows",
            "Rows of the collector's last answers, rejected and merged ones included.");
  CounterFamily& rejected = counter(registry, "partner_center_collector_rows_rejected_total",
                                    "Rows that could not be shown, by reason.");
  CounterFamily& merged = counter(registry, "partner_center_collector_rows_merged_total",
                                  "Rows folded into another one because every label is equal.");
  CounterFamily& empty =
      counter(registry, "partner_center_collector_empty_answers_total",
              "Successful answers with no rows, or far fewer, where there were rows before; see "
              "partner_center_collector_suspect.");
  GaugeFamily& suspect =
      gauge(registry, "partner_center_collector_suspect",
            "1 while an answer of the collector is not believed, because it has no rows or far "
            "fewer than before; what it had before stays until the answer is confirmed.");
  GaugeFamily& suspect_customers =
      gauge(registry, "partner_center_collector_suspect_customers",
            "Customers whose last answer is not believed, see partner_center_collector_suspect.");
  GaugeFamily& rows_difference =
      gauge(registry, "partner_center_collector_rows_difference",
            "Rows the last bulk answer announced (TotalCount) minus those it had. Not 0: pages "
            "were lost, the answer is not shown.");
  GaugeFamily& missing =
      gauge(registry, "partner_center_collector_customers_missing",
            "Listed customers of whom the collector shows no rows: they have no licences, or "
            "their data is missing.");
  GaugeFamily& unlisted = gauge(registry, "partner_center_collector_customers_unlisted",
                                "Customers with rows in the last bulk answer that the customer "
                                "list does not name; they are not shown.");
  GaugeFamily& sold_difference =
      gauge(registry, "partner_center_licenses_sold_difference",
            "Licences sold as counted for the partner as a whole minus the sum over all "
            "customers, by service and channel.");
  CounterFamily& drift =
      counter(registry, "partner_center_schema_drift_total",
              "Fields that were not as documented, by name: unknown, missing, of a wrong type, or "
              "a date that cannot be read.");
  GaugeFamily& processed =
      gauge(registry, "partner_center_data_processed_timestamp_seconds",
            "Unix time at which Partner Center processed the newest row (processedDateTime).");
  GaugeFamily& customers =
      gauge(registry, "partner_center_customers", "Customers in the last believed customer list.");
  GaugeFamily& excluded =
      gauge(registry, "partner_center_customers_excluded",
            "Customers of the list that customers.include and customers.exclude leave out.");
  GaugeFamily& leaving =
      gauge(registry, "partner_center_customers_leaving",
            "Customers the last list did not name; they go when the next one does not either.");
  GaugeFamily& unavailable = gauge(registry, "partner_center_customers_unavailable",
                                   "Customers of the list for which Partner Center reports no "
                                   "commerce relationship (code 20002) or no tenant.");
  GaugeFamily& interval = gauge(registry, "partner_center_poll_interval_seconds",
                                "Configured time between two readings of the same.");

  std::mutex mutex;  // for what follows
  GaugeSet differences{sold_difference};
  std::map<std::string, GaugeSet, std::less<>> sources;         // by collector
  std::map<std::string, GaugeSet, std::less<>> processed_sets;  // by collector
  std::map<std::string, GaugeSet, std::less<>> row_differences;
  std::map<std::string, std::set<std::pair<std::string, std::string>>, std::less<>>
      drifts;                           // by collector: field and kind
  std::vector<std::string> collectors;  // of collectors_are()

  prometheus::Labels labels(
      std::initializer_list<std::pair<const char*, std::string_view>> more = {}) const {
    return account_labels(partner, more);
  }
  static GaugeSet& set_of(std::map<std::string, GaugeSet, std::less<>>& sets,
                          std::string_view collector, GaugeFamily& family) {
    return sets.try_emplace(std::string(collector), family).first->second;
  }
};

PollTelemetry::PollTelemetry(prometheus::Registry& registry, const std::string& partner,
                             const std::vector<std::string>& collectors)
    : families_(std::make_unique<Families>(registry, partner)) {
  collectors_are(collectors);
  auto& f = *families_;
  for (GaugeFamily* family : {&f.up, &f.customers, &f.excluded, &f.leaving, &f.unavailable})
    family->Add(f.labels());
}

PollTelemetry::~PollTelemetry() = default;

void PollTelemetry::collectors_are(const std::vector<std::string>& collectors) {
  auto& f = *families_;
  for (const auto& collector : collectors) {
    for (GaugeFamily* family :
         {&f.success, &f.duration, &f.last_success, &f.rows, &f.suspect, &f.suspect_customers}) {
      family->Add(f.labels({{"collector", collector}}));
    }
    f.merged.Add(f.labels({{"collector", collector}}));
    f.empty.Add(f.labels({{"collector", collector}}));
    for (const char* reason : kRejections)
      f.rejected.Add(f.labels({{"collector", collector}, {"reason", reason}}));
  }
  const std::scoped_lock lock(f.mutex);
  for (const auto& former : std::exchange(f.collectors, collectors)) {
    if (std::ranges::find(collectors, former) != collectors.end()) continue;
    for (auto* sets : {&f.sources, &f.processed_sets, &f.row_differences}) {
      if (const auto set = sets->extract(former)) set.mapped().replace({});
    }
    f.drifts.erase(former);
    for (GaugeFamily* family : {&f.success, &f.duration, &f.last_success, &f.rows, &f.suspect,
                                &f.suspect_customers, &f.missing, &f.unlisted})
      remove_series(*family, "collector", former);
    for (CounterFamily* family : {&f.rejected, &f.merged, &f.empty, &f.drift})
      remove_series(*family, "collector", former);
  }
}

void PollTelemetry::poll_interval(std::chrono::duration<double> interval) {
  families_->interval.Add(families_->labels()).Set(interval.count());
}

void PollTelemetry::up(bool every_collector_succeeded) {
  families_->up.Add(families_->labels()).Set(every_collector_succeeded ? 1 : 0);
}

void PollTelemetry::collector_finished(std::string_view collector, bool succeeded,
                                       std::chrono::duration<double> took, WallTime end) {
  const auto labels = families_->labels({{"collector", collector}});
  families_->success.Add(labels).Set(succeeded ? 1 : 0);
  families_->duration.Add(labels).Set(took.count());
  if (succeeded) families_->last_success.Add(labels).Set(unix_seconds(end));
}

void PollTelemetry::collector_resumed(std::string_view collector, bool succeeded,
                                      WallTime last_success) {
  const auto labels = families_->labels({{"collector", collector}});
  families_->success.Add(labels).Set(succeeded ? 1 : 0);
  families_->last_success.Add(labels).Set(unix_seconds(last_success));
}

void PollTelemetry::collector_source(std::string_view collector, std::string_view source) {
  const std::scoped_lock lock(families_->mutex);
  Families::set_of(families_->sources, collector, families_->source)
      .replace({{families_->labels({{"collector", collector}, {"source", source}}), 1}});
}

void PollTelemetry::rows(std::string_view collector, std::size_t rows) {
  families_->rows.Add(families_->labels({{"collector", collector}})).Set(static_cast<double>(rows));
}

void PollTelemetry::rows_rejected(std::string_view collector, std::string_view reason,
                                  std::size_t rows) {
  families_->rejected.Add(families_->labels({{"collector", collector}, {"reason", reason}}))
      .Increment(static_cast<double>(rows));
}

void PollTelemetry::rows_merged(std::string_view collector, std::size_t rows) {
  families_->merged.Add(families_->labels({{"collector", collector}}))
      .Increment(static_cast<double>(rows));
}

void PollTelemetry::empty_answer(std::string_view collector) {
  families_->empty.Add(families_->labels({{"collector", collector}})).Increment();
}

bool PollTelemetry::drift(std::string_view collector, std::string_view field, std::string_view kind,
                          std::size_t count) {
  std::pair<std::string, std::string> what(field, kind);
  bool fresh = false;
  {
    const std::scoped_lock lock(families_->mutex);
    auto& known = families_->drifts[std::string(collector)];
    if (!known.contains(what) && known.size() >= kDriftFieldsMax) what.first = "other";
    fresh = known.insert(what).second;
  }
  families_->drift
      .Add(families_->labels({{"collector", collector}, {"field", what.first}, {"kind", kind}}))
      .Increment(static_cast<double>(count));
  return fresh;
}

void PollTelemetry::suspect(std::string_view collector, bool suspect, std::size_t customers) {
  const auto labels = families_->labels({{"collector", collector}});
  families_->suspect.Add(labels).Set(suspect ? 1 : 0);
  families_->suspect_customers.Add(labels).Set(static_cast<double>(customers));
}

void PollTelemetry::rows_difference(std::string_view collector,
                                    std::optional<std::int64_t> difference) {
  std::vector<std::pair<prometheus::Labels, double>> values;
  if (difference) {
    values.emplace_back(families_->labels({{"collector", collector}}),
                        static_cast<double>(*difference));
  }
  const std::scoped_lock lock(families_->mutex);
  Families::set_of(families_->row_differences, collector, families_->rows_difference)
      .replace(values);
}

void PollTelemetry::customers_missing(std::string_view collector, std::size_t customers) {
  families_->missing.Add(families_->labels({{"collector", collector}}))
      .Set(static_cast<double>(customers));
}

void PollTelemetry::customers_unlisted(std::string_view collector, std::size_t customers) {
  families_->unlisted.Add(families_->labels({{"collector", collector}}))
      .Set(static_cast<double>(customers));
}

void PollTelemetry::licenses_sold_difference(
    const std::map<std::pair<std::string, std::string>, std::int64_t>& differences) {
  std::vector<std::pair<prometheus::Labels, double>> values;
  for (const auto& [pair, difference] : differences) {
    values.emplace_back(families_->labels({{"channel", pair.second}, {"service_code", pair.first}}),
                        static_cast<double>(difference));
  }
  const std::scoped_lock lock(families_->mutex);
  families_->differences.replace(values);
}

void PollTelemetry::data_processed(std::string_view collector,
                                   const std::map<std::string, WallTime>& newest) {
  std::vector<std::pair<prometheus::Labels, double>> values;
  for (const auto& [service_code, time] : newest) {
    values.emplace_back(
        families_->labels({{"collector", collector}, {"service_code", service_code}}),
        unix_seconds(time));
  }
  const std::scoped_lock lock(families_->mutex);
  Families::set_of(families_->processed_sets, collector, families_->processed).replace(values);
}

void PollTelemetry::customers(std::size_t listed, std::size_t excluded, std::size_t leaving) {
  families_->customers.Add(families_->labels()).Set(static_cast<double>(listed));
  families_->excluded.Add(families_->labels()).Set(static_cast<double>(excluded));
  families_->leaving.Add(families_->labels()).Set(static_cast<double>(leaving));
}

void PollTelemetry::customers_unavailable(std::size_t refused) {
  families_->unavailable.Add(families_->labels()).Set(static_cast<double>(refused));
}

}  // namespace pce
