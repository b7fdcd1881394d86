#pragma once
// Which customers bought most, and where the largest share of what was bought lies unused. Over all
// accounts.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exporter/store/snapshot_store.h"

namespace pce {

struct RankedCustomer {
  LabelText partner{};
  LabelText customer{};  // as the label shows it
  LabelText customer_id{};
  std::int64_t sold = 0;      // seats of all products together
  std::int64_t deployed = 0;  // likewise
};

struct CustomerRanking {
  std::uint64_t generation = 0;           // of the snapshot it was made from
  std::size_t customers = 0;              // with seats
  std::vector<RankedCustomer> largest{};  // by seats sold
  // By the share of seats deployed, the smallest first, of those with more unused seats than are
  // nobody's concern.
  std::vector<RankedCustomer> worst{};
};

struct RankingRules {
  std::int64_t spare_licenses = 0;              // so many unused seats are nobody's concern
  std::vector<std::string> ignored_products{};  // names as labels show them, without escapes
  std::size_t places = 10;
  friend bool operator==(const RankingRules&, const RankingRules&) = default;
};

CustomerRanking rank_customers(const Snapshot& snapshot, const RankingRules& rules);

// Ranks what is shown, at most once for each generation as long as the rules stay. Any thread;
// `store` must outlive it.
class CustomerRanker {
 public:
  explicit CustomerRanker(const SnapshotStore& store) : store_(store) {}

  std::shared_ptr<const CustomerRanking> ranking(const RankingRules& rules);  // never null

 private:
  const SnapshotStore& store_;
  std::mutex mutex_;
  RankingRules rules_;  // of the last one
  std::shared_ptr<const CustomerRanking> last_;
};

}  // namespace pce
