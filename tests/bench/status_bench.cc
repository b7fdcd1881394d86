// What the status page costs with 50,000 customers: pce_status_bench [--benchmark_…]. Ranking them
// happens once for each generation of the store, the rest for each page.
#include <benchmark/benchmark.h>

#include "exporter/store/snapshot_store.h"
#include "exporter/web/status_json.h"
#include "exporter/web/status_page.h"
#include "tests/bench/synthetic_estate.h"
#include "tests/web/sample_status.h"

namespace pce {
namespace {

constexpr std::size_t kCustomers = 50'000;

struct Estate {
  Estate() { store.replace(estate_slices(kCustomers, 0, labels)); }
  LabelPool labels;
  SnapshotStore store;
};

Estate& estate() {
  static Estate one;
  return one;
}

void ranks_customers(benchmark::State& state) {
  const auto snapshot = estate().store.current();
  std::size_t customers = 0;
  for (auto _ : state)
    customers =
        rank_customers(*snapshot, {.spare_licenses = 1, .ignored_products = {"none"}}).customers;
  state.counters["customers"] = static_cast<double>(customers);
}

void asks_for_the_ranking_again(benchmark::State& state) {
  CustomerRanker ranker(estate().store);
  for (auto _ : state) benchmark::DoNotOptimize(ranker.ranking({}));
}

void writes_the_page(benchmark::State& state) {
  LabelPool labels;
  const SiteStatus status = sample_status(labels);
  std::size_t bytes = 0;
  for (auto _ : state) bytes = status_page(status, "/metrics", {}).body.size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

void writes_the_json(benchmark::State& state) {
  LabelPool labels;
  const SiteStatus status = sample_status(labels);
  std::size_t bytes = 0;
  for (auto _ : state) bytes = status_json(status).body.size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

BENCHMARK(ranks_customers)->Unit(benchmark::kMillisecond);
BENCHMARK(asks_for_the_ranking_again)->Unit(benchmark::kMicrosecond);
BENCHMARK(writes_the_page)->Unit(benchmark::kMicrosecond);
BENCHMARK(writes_the_json)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace pce

BENCHMARK_MAIN();
