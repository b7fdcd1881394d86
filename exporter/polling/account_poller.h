#pragma once
// The duty of one account's thread: what is due is read, from the source that answers, and nothing
// shown that is older than allowed.
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/base/wake_call.h"
#include "exporter/partner_center/client.h"
#include "exporter/polling/answer_archive.h"
#include "exporter/polling/clock_watch.h"
#include "exporter/polling/customer_book.h"
#include "exporter/polling/customer_desk.h"
#include "exporter/polling/expiry.h"
#include "exporter/polling/intake.h"
#include "exporter/polling/poll_health.h"
#include "exporter/polling/poll_record.h"
#include "exporter/polling/publisher.h"
#include "exporter/polling/reader.h"
#include "exporter/polling/reading_plan.h"
#include "exporter/polling/rest.h"
#include "exporter/polling/round_report.h"
#include "exporter/polling/status_board.h"
#include "exporter/telemetry/poll_telemetry.h"

namespace pce {

class AccountPoller {
 public:
  struct Parts {
    PartnerCenterClient& client;
    SnapshotStore& store;
    LabelPool& labels;
    ApiTelemetry& calls;
    PollTelemetry& telemetry;
    Clock& clock;
    TokenSource& tokens;             // the client's
    AnswerKeeper* keeper = nullptr;  // null: nothing is kept for the next start
  };
  struct Plan {
    std::string partner{};                    // the account's name
    std::vector<const DataSet*> data_sets{};  // of catalog(): those to read
    std::chrono::milliseconds interval{};     // each is read once in it
    std::chrono::milliseconds stale_after{};  // what is older is not shown; at least `interval`
    int concurrency = 1;                      // readings at once, at least 1
    int requests_per_minute = 1;              // to reckon with; the client's governor enforces it
    SourceRules source{};
    GuardRules guard{};
    CustomerFilter customers{};
    bool resellers = false;  // see CustomerDesk
    TargetChoice targets{};
    std::string processed_date{};  // YYYY-MM-DD of commercial answers; empty: the newest
    std::string tenant{};          // the account's tenant, which kept answers must be of
    CustomerNaming naming{};
    // What may stand in the labels `collector` and `operation`.
    std::vector<std::string> collectors{}, operations{};
    friend bool operator==(const Plan&, const Plan&) = default;
  };
  AccountPoller(Parts parts, Plan plan);

  // Before run(): what was kept of this account's answers, the oldest first, is shown again, and
  // read again when it would have been.
  void resume(std::vector<StoredAnswer> kept, StorageTelemetry& telemetry);
  // From now on, for the same partner and tenant: taken over between two passes, and before the
  // next reading of a pass going on. What was read, learnt and doubted stays, and so does the place
  // in the schedule; what is new in the plan is due at once. Any thread.
  void change(Plan plan);
  // Takes everything of this account away, and shows nothing more. Any thread.
  void vanish() { publisher_.close(partner_); }
  // Until `stop` is requested. One call at a time, so that rounds never overlap. Without a token
  // nothing is read: when to ask for one again is the token source's decision.
  void run(std::stop_token stop);
  // The same, on a thread of its own: see Expiry.
  void watch_age(Clock& clock, std::stop_token stop) { expiry_.run(clock, stop); }
  // Any thread may read these.
  const PollRecord& record() const { return record_; }
  const StatusBoard& board() const { return board_; }
  const std::string& partner() const { return partner_; }
  std::shared_ptr<const Plan> plan() const;  // the newest one
  // Whether everything was tried once, well or badly.
  bool has_tried() const { return tried_; }

 private:
  // Reads what is due. Returns whether a source changed, which makes more due at once.
  bool pass(std::stop_token stop);
  // Takes over what change() brought; false: nothing that matters.
  bool adopt_changes();
  bool rest(std::stop_token stop);
  void show_sources();
  void read_customers(const std::string& correlation_id, std::stop_token stop);
  void run_readings(const std::vector<Reading>& readings, const std::string& correlation_id,
                    std::stop_token stop);
  void take(const Reading& reading, Outcome outcome);
  void note_what_comes(const Reading& reading);
  std::optional<WallTime> next_try(const SliceKey& reading) const;
  std::optional<WallTime> wall_time_of(const std::optional<SteadyTime>& when) const;
  void fall_back(const Reading& reading, bool refused, const char* reason, const Error* error);
  bool heed_refusal(const Error& error, const SliceKey& reading);
  void heed_forbidden();
  void report(SteadyTime start, SteadyTime now);
  void warn_if_too_much();

  const Parts parts_;
  const std::string partner_;
  Plan plan_;  // of the poller's thread
  mutable std::mutex newest_mutex_;
  std::shared_ptr<const Plan> newest_;
  std::atomic<bool> changed_ = false;  // newest_, since it was taken over
  WakeCall changes_;
  Publisher publisher_;
  PollRecord record_;
  StatusBoard board_;
  Expiry expiry_;
  AnswerArchive archive_;
  ClockWatch clock_watch_;
  Reader reader_;
  CustomerBook book_;
  CustomerDesk desk_;
  Intake intake_;
  ReadingPlan readings_;
  PollHealth health_;
  Rest rest_;

  // Of the pass going on, or the last one.
  std::vector<Reading> second_opinions_;  // classic readings that commercial answers made necessary
  std::map<const DataSet*, SteadyTime> ends_;  // of the data sets that were read
  bool token_refused_ = false;
  bool changed_source_ = false;
  std::atomic<bool> cut_short_ = false;  // by a change: readings were left for the next pass
  std::optional<Error> forbidden_;       // a reading that is not about one customer was

  RoundReport round_;
  std::optional<SteadyTime> last_line_;
  bool was_good_ = false;
  bool too_much_ = false;
  std::atomic<bool> tried_ = false;
};

}  // namespace pce
