#pragma once
// What we measure about the polling of one partner account; every series carries partner="…". Any
// thread.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"

namespace prometheus {
class Registry;
}

namespace pce {

class PollTelemetry {
 public:
  // `collectors`: what may stand in the label `collector`. What is counted stands at 0 at once.
  PollTelemetry(prometheus::Registry& registry, const std::string& partner,
                const std::vector<std::string>& collectors);
  ~PollTelemetry();
  PollTelemetry(const PollTelemetry&) = delete;
  PollTelemetry& operator=(const PollTelemetry&) = delete;

  // From now on these may stand there. Those that stay keep what was said and counted of them, the
  // series of the others end. While nobody tells anything of one of those.
  void collectors_are(const std::vector<std::string>& collectors);

  void poll_interval(std::chrono::duration<double> interval);
  void up(bool every_collector_succeeded);
  void collector_finished(std::string_view collector, bool succeeded,
                          std::chrono::duration<double> took, WallTime end);
  // What is shown was read before this process began.
  void collector_resumed(std::string_view collector, bool succeeded, WallTime last_success);
  // Which generation of endpoints the collector is read from now.
  void collector_source(std::string_view collector, std::string_view source);

  // Of answers.
  void rows(std::string_view collector, std::size_t rows);
  void rows_rejected(std::string_view collector, std::string_view reason, std::size_t rows);
  void rows_merged(std::string_view collector, std::size_t rows);
  void empty_answer(std::string_view collector);
  // An answer did not look as documented. At most kDriftFieldsMax fields a collector are counted
  // by name, the others as "other". Returns whether this field was not seen in this way before.
  static constexpr std::size_t kDriftFieldsMax = 50;
  bool drift(std::string_view collector, std::string_view field, std::string_view kind,
             std::size_t count);

  // Answers not believed: of how many customers, or of the collector as a whole.
  void suspect(std::string_view collector, bool suspect, std::size_t customers);

  // Differences between what should agree. nullopt: nothing to compare.
  void rows_difference(std::string_view collector, std::optional<std::int64_t> difference);
  void customers_missing(std::string_view collector, std::size_t customers);
  void customers_unlisted(std::string_view collector, std::size_t customers);
  // By service_code and channel; replaces what was said before.
  void licenses_sold_difference(
      const std::map<std::pair<std::string, std::string>, std::int64_t>& differences);

  // Newest processing date by service code; replaces what was said of this collector before.
  void data_processed(std::string_view collector, const std::map<std::string, WallTime>& newest);

  void customers(std::size_t listed, std::size_t excluded, std::size_t leaving);
  void customers_unavailable(std::size_t refused);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace pce
