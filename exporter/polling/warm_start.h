#pragma once
// Makes of kept answers what the account knew when they were: customers, rows with their true age,
// sources, and when each reading is due.
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/polling/customer_desk.h"
#include "exporter/polling/intake.h"
#include "exporter/polling/kept_decoding.h"
#include "exporter/polling/poll_health.h"
#include "exporter/polling/poll_record.h"
#include "exporter/polling/reader.h"
#include "exporter/polling/reading_plan.h"
#include "exporter/store/stored_answer.h"
#include "exporter/telemetry/storage_telemetry.h"

namespace pce {

class WarmStart {
 public:
  struct Parts {
    const Reader& reader;
    CustomerBook& book;
    CustomerDesk& desk;
    Intake& intake;
    ReadingPlan& readings;
    PollRecord& record;
    PollHealth& health;
    LabelPool& labels;
    PollTelemetry& telemetry;
    StorageTelemetry& storage;
    const Clock& clock;
  };
  struct Rules {
    std::string partner, tenant;
    std::string api_base;
    std::chrono::milliseconds interval{}, stale_after{};
    SourceRules source{};
    bool resellers = false;
  };
  WarmStart(Parts parts, Rules rules) : parts_(parts), rules_(std::move(rules)) {}

  // `answers`: of this account, the oldest first. Decodes them on as many threads as there are
  // processors. What would not be asked in the same way now is left out, and so is what lies in the
  // future. Before the first round, once.
  void resume(std::vector<StoredAnswer> answers);

 private:
  // An answer, and what it would be the answer to now.
  struct Candidate {
    StoredAnswer stored;
    Reading reading;
    std::optional<KeptDecoded> decoded{};
  };
  Moment moment_of(const StoredAnswer& answer) const;
  bool is_from_the_future(const StoredAnswer& answer) const;
  std::optional<Reading> reading_of(const StoredAnswer& answer) const;
  void recall_list(const std::vector<StoredAnswer>& answers);
  void recall_insights(std::vector<StoredAnswer> answers);
  RecalledAnswer recalled_of(Candidate& candidate) const;
  void choose_sources(const std::vector<Candidate>& candidates);
  void note(const Candidate& candidate);
  void note_times(const DataSet& data_set, WallTime fetched);
  void drop(const char* reason, std::size_t answers);

  const Parts parts_;
  const Rules rules_;
  std::map<const DataSet*, PollHealth::Answers> times_;
  std::map<std::string, std::size_t> dropped_;  // by reason
  std::size_t restored_ = 0;
};

}  // namespace pce
