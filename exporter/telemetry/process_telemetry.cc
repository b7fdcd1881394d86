#include "exporter/telemetry/process_telemetry.h"

#include <iterator>
#include <map>

#include "exporter/telemetry/families.h"
#include "exporter/telemetry/process_metrics.h"

namespace pce {

using prometheus::Registry;

struct ProcessTelemetry::Own {
  Own(Registry& r, WallTime started) : registry(r), process(started) {}

  Registry& registry;
  const ProcessMetrics process;
  // Complete before the first collect().
  std::vector<std::function<void()>> refreshers;
  std::vector<std::function<Families()>> others;
  GaugeFamily& build =
      gauge(registry, "partner_center_exporter_build_info",
            "Always 1; the labels say from what partner_center_exporter was built.");
  CounterFamily& http = counter(registry, "partner_center_exporter_http_requests_total",
                                "Requests answered by the exporter itself, by route and status.");
  CounterFamily& http_cut = counter(
      registry, "partner_center_exporter_http_connections_cut_total",
      "Connections to the exporter cut by it, by reason: a request not complete in time, an "
      "answer not taken in time, or too many connections.");
  prometheus::Gauge& http_connections =
      gauge(registry, "partner_center_exporter_http_connections",
            "Connections to the exporter's own web server that are open.")
          .Add({});
  prometheus::Gauge& http_in_flight =
      gauge(registry, "partner_center_exporter_http_requests_in_flight",
            "Requests to the exporter being answered, until the last byte is handed over.")
          .Add({});
  GaugeFamily& web_certificate_ends =
      gauge(registry, "partner_center_exporter_web_certificate_expiry_timestamp_seconds",
            "Unix time at which the certificate of the exporter's own web server expires; absent "
            "without TLS.");
  GaugeFamily& config_ok = gauge(registry, "partner_center_config_last_reload_successful",
                                 "Whether the last attempt to load the configuration succeeded.");
  GaugeFamily& config_time =
      gauge(registry, "partner_center_config_last_reload_success_timestamp_seconds",
            "Unix time at which the running configuration was loaded.");
  GaugeFamily& config_hash =
      gauge(registry, "partner_center_config_hash",
            "The first 48 bits of the SHA-256 of the running configuration file: the same where "
            "exporters run the same one.");
  GaugeFamily& series = gauge(registry, "partner_center_exporter_series",
                              "Insight and customer series shown, of all accounts.");
  GaugeFamily& left_out = gauge(registry, "partner_center_exporter_series_left_out",
                                "Series known but not shown because of limits.series.");
  GaugeFamily& customers_left_out =
      gauge(registry, "partner_center_exporter_customers_left_out",
            "Customers not shown because of limits.series, each with all its series.");
  GaugeFamily& series_max =
      gauge(registry, "partner_center_exporter_series_limit", "Configured limits.series.");
};

ProcessTelemetry::ProcessTelemetry(Registry& registry, const BuildInfo& build, WallTime started)
    : families_(std::make_unique<Own>(registry, started)) {
  families_->build
      .Add({{"version", build.version},
            {"revision", build.revision},
            {"branch", build.branch},
            {"compiler", build.compiler},
            {"os", build.os},
            {"arch", build.arch}})
      .Set(1);
}

ProcessTelemetry::~ProcessTelemetry() = default;

void ProcessTelemetry::http_request(std::string_view handler, int code) {
  families_->http.Add({{"handler", std::string(handler)}, {"code", code_text(code)}}).Increment();
}

void ProcessTelemetry::http_cut_reasons(const std::vector<std::string_view>& reasons) {
  for (const std::string_view reason : reasons) {
    families_->http_cut.Add({{"reason", std::string(reason)}});
  }
}

void ProcessTelemetry::http_connection_cut(std::string_view reason) {
  families_->http_cut.Add({{"reason", std::string(reason)}}).Increment();
}

void ProcessTelemetry::http_connections(int change) {
  families_->http_connections.Increment(change);
}

void ProcessTelemetry::http_requests_in_flight(int change) {
  families_->http_in_flight.Increment(change);
}

void ProcessTelemetry::web_certificate_ends(WallTime when) {
  families_->web_certificate_ends.Add({}).Set(unix_seconds(when));
}

void ProcessTelemetry::config_loaded(WallTime when, std::string_view digest) {
  std::uint64_t hash = 0;  // as many bits as a double holds exactly
  for (const char byte : digest.substr(0, 6)) hash = hash << 8U | static_cast<unsigned char>(byte);
  families_->config_ok.Add({}).Set(1);
  families_->config_time.Add({}).Set(unix_seconds(when));
  families_->config_hash.Add({}).Set(static_cast<double>(hash));
}

void ProcessTelemetry::config_refused() { families_->config_ok.Add({}).Set(0); }

void ProcessTelemetry::series(std::size_t shown, std::size_t left_out,
                              std::size_t customers_left_out) {
  families_->series.Add({}).Set(static_cast<double>(shown));
  families_->left_out.Add({}).Set(static_cast<double>(left_out));
  families_->customers_left_out.Add({}).Set(static_cast<double>(customers_left_out));
}

void ProcessTelemetry::series_limit(std::int64_t series_max) {
  families_->series_max.Add({}).Set(static_cast<double>(series_max));
}

void ProcessTelemetry::before_collect(std::function<void()> refresh) {
  families_->refreshers.push_back(std::move(refresh));
}

void ProcessTelemetry::collect_also(std::function<Families()> more) {
  families_->others.push_back(std::move(more));
}

ProcessTelemetry::Families ProcessTelemetry::collect() const {
  for (const auto& refresh : families_->refreshers) refresh();
  Families families = families_->registry.Collect();
  std::map<std::string, std::size_t, std::less<>> place_of;
  for (std::size_t i = 0; i < families.size(); ++i) place_of.emplace(families[i].name, i);
  for (const auto& other : families_->others) {
    for (auto& family : other()) {
      const auto [place, is_new] = place_of.try_emplace(family.name, families.size());
      if (is_new) {
        families.push_back(std::move(family));
        continue;
      }
      auto& metrics = families[place->second].metric;
      metrics.insert(metrics.end(), std::make_move_iterator(family.metric.begin()),
                     std::make_move_iterator(family.metric.end()));
    }
  }
  Families process = families_->process.Collect();
  families.insert(families.end(), std::make_move_iterator(process.begin()),
                  std::make_move_iterator(process.end()));
  return families;
}

}  // namespace pce
