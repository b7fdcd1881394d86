#include "exporter/commands/fleet.h"

#include <algorithm>
#include <iterator>
#include <pthread.h>
#include <utility>

#include "exporter/telemetry/log.h"
#include "exporter/telemetry/target_telemetry.h"

namespace pce {
namespace {

TargetFigures figures_of(const TargetSettings& targets) {
  return {.deployment_percent = static_cast<double>(targets.deployment_percent),
          .usage_percent = static_cast<double>(targets.usage_percent),
          .spare_licenses = static_cast<double>(targets.spare_licenses),
          .sold_drop_percent = static_cast<double>(targets.sold_drop_percent),
          .owner = targets.owner,
          .ignored_products = targets.ignored_products};
}

}  // namespace

struct Fleet::Member {
  Member(const House& house, const AccountSettings& of, const Settings& all)
      : settings(of),
        account({house.version, house.clock, house.labels, house.store, registry, house.config_file,
                 house.keeper, house.naming},
                of, all) {}

  void begin(const char* name, std::function<void(std::stop_token)> duty) {
    duties.emplace_back(std::move(duty));
    pthread_setname_np(duties.back().native_handle(), name);
  }
  void end() {
    for (std::jthread& duty : duties) duty.request_stop();
    duties.clear();
  }

  AccountSettings settings;       // of whoever applies
  prometheus::Registry registry;  // series of this account and of no other: they end with it
  Account account;
  std::vector<std::jthread> duties;
};

std::shared_ptr<const Fleet::Lineup> Fleet::lineup() const {
  const std::scoped_lock lock(mutex_);
  return lineup_;
}

std::vector<std::shared_ptr<Account>> Fleet::accounts() const {
  std::vector<std::shared_ptr<Account>> accounts;
  for (const auto& member : lineup()->members) accounts.emplace_back(member, &member->account);
  return accounts;
}

std::vector<prometheus::MetricFamily> Fleet::collect() const {
  const auto now = lineup();
  auto families = now->targets->Collect();
  for (const auto& member : now->members) {
    member->account.show_state();
    std::ranges::move(member->registry.Collect(), std::back_inserter(families));
  }
  return families;
}

Result<std::shared_ptr<Fleet::Member>> Fleet::member_for(const AccountSettings& account,
                                                         const Settings& settings,
                                                         const Members& former) {
  const auto before = std::ranges::find_if(
      former, [&](const auto& member) { return Account::is_same(member->settings, account); });
  const bool stays = before != former.end();
  auto member = stays ? *before : std::make_shared<Member>(house_, account, settings);
  Status usable = Done{};
  if (!stays) {
    usable = member->account.entra().begin();
  } else if (member->settings.refresh_token_file != account.refresh_token_file) {
    usable = member->account.entra().look_at(account.refresh_token_file);
  }
  if (!usable) return with_context(usable.error(), "account " + account.name);
  return member;
}

Status Fleet::apply(const Settings& settings) {
  const std::scoped_lock applying(applying_);
  if (stopped_) return Error{.kind = ErrorKind::kCancelled, .message = "we are stopping"};
  const auto former = lineup();
  auto next = std::make_shared<Lineup>();
  for (const AccountSettings& account : settings.accounts) {
    auto member = member_for(account, settings, former->members);
    if (!member) return member.error();
    next->members.push_back(std::move(*member));
  }
  show_targets(*next->targets, figures_of(settings.targets));
  next->settings = std::make_shared<const Settings>(settings);

  // From here on nothing can go wrong.
  house_.store.series_max_is(static_cast<std::size_t>(settings.limits.series));
  const auto is_in = [](const Members& members, const auto& member) {
    return std::ranges::find(members, member) != members.end();
  };
  Members gone;
  std::ranges::copy_if(former->members, std::back_inserter(gone),
                       [&](const auto& member) { return !is_in(next->members, member); });
  {
    const std::scoped_lock lock(mutex_);
    lineup_ = next;
  }
  for (const auto& member : gone) {
    member->account.poller().vanish();
    for (std::jthread& duty : member->duties) duty.request_stop();
  }
  for (std::size_t i = 0; i < next->members.size(); ++i) {
    const auto& member = next->members[i];
    if (!is_in(former->members, member)) {
      if (started_) start(*member);
      continue;
    }
    member->settings = settings.accounts[i];
    member->account.adopt(member->settings, settings);
  }
  {
    const std::scoped_lock lock(mutex_);
    std::ranges::move(gone, std::back_inserter(leaving_));
  }
  somebody_leaves_.notify_all();
  return Done{};
}

void Fleet::start() {
  const std::scoped_lock applying(applying_);
  started_ = true;
  farewell_ = std::jthread([this](std::stop_token stop) { see_off(stop); });
  pthread_setname_np(farewell_.native_handle(), "farewell");
  for (const auto& member : lineup()->members) start(*member);
}

void Fleet::start(Member& member) {
  Account& account = member.account;
  account.heart().beat();
  member.begin("poller", [&](std::stop_token stop) { account.poller().run(stop); });
  member.begin("age",
               [&](std::stop_token stop) { account.poller().watch_age(house_.clock, stop); });
  member.begin("token", [&](std::stop_token stop) { account.entra().store_when_possible(stop); });
}

// Threads end when what they wait for lets go of them, which a reload need not wait for.
void Fleet::see_off(std::stop_token stop) {
  for (;;) {
    Members gone;
    {
      std::unique_lock lock(mutex_);
      if (!somebody_leaves_.wait(lock, stop, [this] { return !leaving_.empty(); })) return;
      gone.swap(leaving_);
    }
    for (const auto& member : gone) {
      member->end();
      log_info("The account has ended", {{"partner", member->account.name()}});
    }
  }
}

void Fleet::stop() {
  const std::scoped_lock applying(applying_);
  if (std::exchange(stopped_, true)) return;
  const auto last = lineup();
  for (const auto& member : last->members) {
    for (std::jthread& duty : member->duties) duty.request_stop();
  }
  farewell_ = {};
  for (const auto& member : leaving_) member->end();
  for (const auto& member : last->members) member->end();
}

}  // namespace pce
