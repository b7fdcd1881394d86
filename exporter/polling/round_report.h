#pragma once
// What came of the readings since the last line about them in the log.
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/polling/intake.h"
#include "exporter/polling/reading.h"

namespace pce {

class RoundReport {
 public:
  void note(const Taken& taken);
  void failed(const Error& error);  // something else than a reading
  void spent(SteadyTime::duration time) { spent_ += time; }

  struct Totals {
    std::string partner;
    std::size_t customers = 0;
    std::size_t rows = 0;
    std::size_t customers_refused = 0;
    std::size_t customers_in_doubt = 0;
  };
  // One line, after which the report begins anew.
  void write(const Totals& totals, bool complete);

 private:
  std::size_t answers_ = 0;
  std::size_t held_ = 0;
  std::size_t not_made_ = 0;
  std::map<std::string, std::size_t> failures_;  // by kind
  std::optional<Error> first_error_;
  SteadyTime::duration spent_{};
};

}  // namespace pce
