#pragma once
// The accounts that are polled, each with its threads and its metrics. A reload changes who they
// are and how they are polled.
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/commands/account.h"
#include "exporter/settings/settings.h"
#include "exporter/store/snapshot_store.h"

namespace pce {

class Fleet {
 public:
  struct House {  // outlives it
    const std::string& version;
    Clock& clock;
    LabelPool& labels;
    SnapshotStore& store;
    std::filesystem::path config_file;
    AnswerKeeper* keeper = nullptr;
    CustomerNaming naming{};
  };
  explicit Fleet(House house) : house_(std::move(house)) {}
  ~Fleet() { stop(); }
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  // From now on these are the accounts. One that is the same as before (see Account::is_same) goes
  // on with all it has; one that is not there any more vanishes at once, and its threads end by
  // themselves; any other one is new. Errors: kSettings, for an account that cannot begin: then
  // nothing has changed. Any thread.
  Status apply(const Settings& settings);
  void start();  // threads; once, after the first apply()
  void stop();   // ends them all; from then on apply() refuses

  // What was applied last; never null after that. Any thread.
  std::shared_ptr<const Settings> settings() const { return lineup()->settings; }
  // As they are now; they may be kept as long as the house stands. Any thread.
  std::vector<std::shared_ptr<Account>> accounts() const;
  // Our own metrics of the accounts, and of the configured targets. Any thread.
  std::vector<prometheus::MetricFamily> collect() const;

 private:
  struct Member;
  using Members = std::vector<std::shared_ptr<Member>>;
  // What changes together.
  struct Lineup {
    Members members{};
    std::shared_ptr<const Settings> settings{};
    std::shared_ptr<prometheus::Registry> targets = std::make_shared<prometheus::Registry>();
  };
  std::shared_ptr<const Lineup> lineup() const;
  Result<std::shared_ptr<Member>> member_for(const AccountSettings& account,
                                             const Settings& settings, const Members& former);
  void start(Member& member);
  void see_off(std::stop_token stop);

  const House house_;
  std::mutex applying_;
  bool started_ = false;
  bool stopped_ = false;

  mutable std::mutex mutex_;  // for what follows
  std::shared_ptr<const Lineup> lineup_ = std::make_shared<const Lineup>();
  std::condition_variable_any somebody_leaves_;
  Members leaving_;

  std::jthread farewell_;
};

}  // namespace pce
