#include "exporter/telemetry/storage_telemetry.h"

#include <string>

#include "exporter/telemetry/families.h"

namespace pce {

struct StorageTelemetry::Families {
  explicit Families(prometheus::Registry& r) : registry(r) {}

  prometheus::Registry& registry;
  prometheus::Gauge& successful =
      gauge(registry, "partner_center_exporter_storage_last_write_successful",
            "Whether the last attempt to keep something under --storage.path succeeded.")
          .Add({});
  prometheus::Gauge& last =
      gauge(registry, "partner_center_exporter_storage_last_write_timestamp_seconds",
            "Unix time at which something was last kept under --storage.path.")
          .Add({});
  CounterFamily& writes = counter(registry, "partner_center_exporter_storage_writes_total",
                                  "Attempts to keep an answer, or to drop one, by result.");
  prometheus::Gauge& waiting = gauge(registry, "partner_center_exporter_storage_waiting",
                                     "Answers, and changes to those kept, that wait to be written.")
                                   .Add({});
  prometheus::Gauge& bytes =
      gauge(registry, "partner_center_exporter_storage_bytes", "Size of the kept answers on disk.")
          .Add({});
  prometheus::Gauge& restored =
      gauge(registry, "partner_center_exporter_storage_answers_restored",
            "Kept answers that were shown again when the exporter started.")
          .Add({});
  CounterFamily& dropped =
      counter(registry, "partner_center_exporter_storage_answers_dropped_total",
              "Kept answers that were not used, by reason: damaged; from the future; kept with "
              "another key or customer_label; the answer to another question than is asked now; "
              "unreadable.");
  prometheus::Counter& files_set_aside =
      counter(registry, "partner_center_exporter_storage_files_set_aside_total",
              "Files that were damaged, foreign, or of a newer exporter, and were renamed.")
          .Add({});
};

StorageTelemetry::StorageTelemetry(prometheus::Registry& registry)
    : families_(std::make_unique<Families>(registry)) {
  for (const char* result : {"failure", "success"}) families_->writes.Add({{"result", result}});
  for (const char* reason : {"damaged", "future", "key", "question", "unreadable"})
    families_->dropped.Add({{"reason", reason}});
}

StorageTelemetry::~StorageTelemetry() = default;

void StorageTelemetry::written(bool succeeded, WallTime now) {
  families_->writes.Add({{"result", succeeded ? "success" : "failure"}}).Increment();
  families_->successful.Set(succeeded ? 1 : 0);
  if (succeeded) families_->last.Set(unix_seconds(now));
}

void StorageTelemetry::waiting(std::size_t changes) {
  families_->waiting.Set(static_cast<double>(changes));
}

void StorageTelemetry::size(std::uint64_t bytes) {
  families_->bytes.Set(static_cast<double>(bytes));
}

void StorageTelemetry::set_aside() { families_->files_set_aside.Increment(); }

void StorageTelemetry::restored(std::size_t answers) {
  families_->restored.Increment(static_cast<double>(answers));
}

void StorageTelemetry::dropped(std::string_view reason, std::size_t answers) {
  families_->dropped.Add({{"reason", std::string(reason)}}).Increment(static_cast<double>(answers));
}

}  // namespace pce
