// What publishing and scraping cost, without a network: pce_scrape_bench [--series=1000000]
// [--benchmark_…]. Every figure is of this many series; B/series is what the allocator has given
// out.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <malloc.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <prometheus/registry.h>

#include "exporter/compression/deflate.h"
#include "exporter/exposition/edition.h"
#include "exporter/exposition/openmetrics_encoder.h"
#include "exporter/exposition/scrape.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/api_telemetry.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/process_telemetry.h"
#include "tests/bench/synthetic_estate.h"

namespace pce {
namespace {

std::size_t all_series = 1'000'000;
std::size_t customers() { return std::max<std::size_t>(1, all_series / kSeriesPerCustomer); }
double series() { return static_cast<double>(customers() * kSeriesPerCustomer); }

std::size_t allocated() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// One estate for all measurements, and what it weighs.
struct Estate {
  Estate() {
    const std::size_t before = allocated();
    store.replace(estate_slices(customers(), 0, labels));
    bytes = allocated() - before;
    polls.up(true);
    telemetry.http_request("/metrics", 200);
  }
  LabelPool labels;
  SnapshotStore store;
  prometheus::Registry registry;
  ProcessTelemetry telemetry{registry, BuildInfo{}, WallTime{}};
  PollTelemetry polls{registry, "contoso", {"customer_deployment", "customer_usage"}};
  ApiTelemetry calls{registry, "contoso", {"customer_deployment", "customer_usage"}};
  std::shared_ptr<const Layout> layout =
      std::make_shared<const Layout>(openmetrics_encoder(), insight_families(""));
  std::size_t bytes = 0;
};

Estate& estate() {
  static Estate one;
  return one;
}

void count(benchmark::State& state) {
  state.counters["series"] = series();
  state.counters["ns/series"] = benchmark::Counter(
      series() / 1e9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void snapshot_memory(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(estate().bytes);
  state.counters["B/series"] = static_cast<double>(estate().bytes) / series();
}
BENCHMARK(snapshot_memory)->Iterations(1);

void encode(benchmark::State& state) {
  const auto snapshot = estate().store.current();
  const auto edition = Edition::of(snapshot, estate().layout, false, nullptr);
  TextBuffer text;
  std::size_t bytes = 0;
  for (auto _ : state) {
    bytes = 0;
    RowTexts texts;
    for (std::size_t family = 0; family < edition->parts().size(); ++family) {
      std::size_t chunk = 0;
      for (const auto& strip : edition->parts()[family]->strips) {
        for (std::size_t i = 0; i < strip->chunks.size(); ++i) {
          text.clear();
          edition->append_plain(text, *snapshot, family, chunk++, texts);
          bytes += text.size();
        }
      }
    }
  }
  count(state);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
  state.counters["text_MB"] = static_cast<double>(bytes) / 1e6;
}
BENCHMARK(encode)->Unit(benchmark::kMillisecond);

// As much memory as the text, copied from one place to another: the floor.
void copy(benchmark::State& state) {
  const auto edition = Edition::of(estate().store.current(), estate().layout, false, nullptr);
  std::size_t bytes = 0;
  for (const auto& part : edition->parts()) bytes += part->plain.size;
  const std::string from(bytes, 'x');
  std::string to(bytes, ' ');
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), bytes);
    benchmark::ClobberMemory();
  }
  count(state);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}
BENCHMARK(copy)->Unit(benchmark::kMillisecond);

void prepare(benchmark::State& state, bool packed) {
  const std::size_t before = allocated();
  auto edition = Edition::of(estate().store.current(), estate().layout, packed, nullptr);
  const std::size_t bytes = allocated() - before;
  for (auto _ : state) {
    edition = Edition::of(estate().store.current(), estate().layout, packed, nullptr);
  }
  count(state);
  std::size_t blocks = 0;
  for (const auto& part : edition->parts()) {
    for (const auto& strip : part->strips) blocks += strip->blocks.size();
  }
  state.counters["packed_MB"] = static_cast<double>(blocks) / 1e6;
  state.counters["B/series"] = static_cast<double>(bytes) / series();
}
BENCHMARK_CAPTURE(prepare, plain, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(prepare, packed, true)->Unit(benchmark::kMillisecond);

void compress(benchmark::State& state, std::unique_ptr<Deflater> (*make)()) {
  const auto snapshot = estate().store.current();
  const auto edition = Edition::of(snapshot, estate().layout, false, nullptr);
  TextBuffer text;
  RowTexts texts;
  const std::size_t chunks =
      edition->parts()[0]->strips.size() * edition->parts()[0]->strips.front()->chunks.size();
  for (std::size_t i = 0; i < chunks && text.size() < 8'000'000; ++i)
    edition->append_plain(text, *snapshot, 0, i, texts);
  const auto deflater = make();
  std::string blocks;
  for (auto _ : state) {
    blocks.clear();
    deflater->append_blocks(blocks, text.view());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
  state.counters["ratio"] = static_cast<double>(text.size()) / static_cast<double>(blocks.size());
}
BENCHMARK_CAPTURE(compress, fastest, &make_deflater)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(compress, zlib, &make_zlib_deflater)->Unit(benchmark::kMillisecond);

// The whole estate is replaced by another one, and prepared.
void publish_all(benchmark::State& state) {
  LabelPool labels;
  SnapshotStore store;
  std::vector<std::shared_ptr<const Slice>> versions[] = {estate_slices(customers(), 0, labels),
                                                          estate_slices(customers(), 1, labels)};
  store.replace(versions[0]);
  auto edition = Edition::of(store.current(), estate().layout, true, nullptr);
  std::size_t turn = 0;
  for (auto _ : state) {
    store.replace(versions[++turn % 2]);
    edition = Edition::of(store.current(), estate().layout, true, edition.get());
  }
  count(state);
}
BENCHMARK(publish_all)->Unit(benchmark::kMillisecond);

// One customer of all is replaced, and its edition prepared.
void publish_one(benchmark::State& state) {
  LabelPool labels;
  SnapshotStore store;
  store.replace(estate_slices(customers(), 0, labels));
  auto edition = Edition::of(store.current(), estate().layout, true, nullptr);
  std::size_t turn = 0;
  for (auto _ : state) {
    store.replace(customer_slices(customers() / 2, ++turn, labels));
    edition = Edition::of(store.current(), estate().layout, true, edition.get());
  }
  count(state);
}
BENCHMARK(publish_one)->Unit(benchmark::kMillisecond);

void scrape(benchmark::State& state, std::string_view accept_encoding) {
  const Scraper scraper(estate().store, estate().telemetry, "");
  std::uint64_t bytes = 0;
  std::size_t pieces = 0;
  for (auto _ : state) {
    const auto answer = scraper.answer(
        {.accept = "application/openmetrics-text", .accept_encoding = accept_encoding});
    bytes = 0;
    pieces = answer.body.pieces.size();
    for (const std::string_view piece : answer.body.pieces) bytes += piece.size();
    while (answer.body.pieces.empty() && bytes < answer.body.size)
      bytes += answer.body.next().size();
  }
  count(state);
  state.counters["body_MB"] = static_cast<double>(bytes) / 1e6;
  state.counters["pieces"] = static_cast<double>(pieces);
}
BENCHMARK_CAPTURE(scrape, plain, "")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scrape, gzip, "gzip")->Unit(benchmark::kMillisecond);

// "--series=1000000"; false where the argument is another one.
bool takes(std::string_view argument, std::string_view name, std::size_t& value) {
  if (!argument.starts_with(name)) return false;
  argument.remove_prefix(name.size());
  const char* end = argument.data() + argument.size();
  return std::from_chars(argument.data(), end, value).ptr == end && value > 0;
}

}  // namespace
}  // namespace pce

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (pce::takes(argv[i], "--series=", pce::all_series)) continue;
    std::fprintf(stderr, "%s: unknown or impossible\n", argv[i]);
    return 2;
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
