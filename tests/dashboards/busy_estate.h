#pragma once
// Two partner accounts on simulators of their own in whose estates everything happens that a
// dashboard can show: a week of history, customers that came and went, throttling, failures,
// answers that are wrong in every way.
#include "tests/end_to_end/real_prometheus.h"
#include "tests/end_to_end/stage.h"

namespace pce {

class BusyEstate {
 public:
  BusyEstate();

  const RealPrometheus& prometheus() const { return *prometheus_; }

 private:
  void start_exporter();
  // What the exporter shows now becomes what it showed seven days ago.
  void keep_as_history();
  void change_customers();
  // Until Prometheus has rows for the expression.
  void suffer(const char* fault, const std::string& until);

  Stage stage_;
  Upstream other_{{"--customers=8", "--seed=7"}};
  std::unique_ptr<RealPrometheus> prometheus_;
};

}  // namespace pce
