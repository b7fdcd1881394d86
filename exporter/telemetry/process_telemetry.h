#pragma once
// What we measure about the process as a whole, and the door to everything measured. Any thread.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"

namespace prometheus {
class Registry;
struct MetricFamily;
}  // namespace prometheus

namespace pce {

struct BuildInfo {
  std::string version{}, revision{}, branch{}, compiler{}, os{}, arch{};
};

class ProcessTelemetry {
 public:
  // `registry` must outlive this and is the one the accounts use too.
  ProcessTelemetry(prometheus::Registry& registry, const BuildInfo& build, WallTime started);
  ~ProcessTelemetry();
  ProcessTelemetry(const ProcessTelemetry&) = delete;
  ProcessTelemetry& operator=(const ProcessTelemetry&) = delete;

  // `handler` is one of web's routes or "other".
  void http_request(std::string_view handler, int code);
  // From 0 on, one counter each.
  void http_cut_reasons(const std::vector<std::string_view>& reasons);
  void http_connection_cut(std::string_view reason);
  void http_connections(int change);
  void http_requests_in_flight(int change);
  // When the certificate that new connections get expires. Not called: there is none.
  void web_certificate_ends(WallTime when);
  // `digest`: SHA-256 of the configuration's text, of which a gauge holds the first six bytes.
  void config_loaded(WallTime when, std::string_view digest);
  void config_refused();  // the one loaded before stays
  // What limits.series shows, leaves out, and allows.
  void series(std::size_t shown, std::size_t left_out, std::size_t customers_left_out);
  void series_limit(std::int64_t series_max);

  // Called before each collect(), so that what changes by itself is shown as it is then. Only
  // before the first one.
  void before_collect(std::function<void()> refresh);
  // Beside what is in the registry; families of one name are joined. Only before the first
  // collect().
  using Families = std::vector<prometheus::MetricFamily>;
  void collect_also(std::function<Families()> more);

  // All of that and the process_… metrics, in no particular order.
  Families collect() const;

 private:
  struct Own;
  std::unique_ptr<Own> families_;
};

}  // namespace pce
