// How fast a large commercial usage answer is read, and in how much memory, beside the JSON
// library's own tree of the same pages: pce_decode_bench [--rows=450000] [--page=10000]
// [--benchmark_…]. Pages are made one by one outside the measured time, as they would come from the
// network.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <malloc.h>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include "exporter/insights/catalog.h"

namespace pce {
namespace {

std::size_t all_rows = 450'000;
std::size_t rows_a_page = 10'000;

struct Workload {
  const char *code, *name;
};
constexpr Workload kWorkloads[] = {
    {"EXO", "Exchange"}, {"SPO", "SharePoint"}, {"SFB", "Skype For Business"}, {"TMS", "Teams"}};
constexpr const char* kProducts[] = {"OFFICE 365 ENTERPRISE E1", "OFFICE 365 ENTERPRISE E3",
                                     "MICROSOFT 365 BUSINESS PREMIUM",
                                     "OFFICE 365 BUSINESS ESSENTIALS"};

void append_row(std::string& body, std::size_t i) {
  const std::size_t customer = i / 16;
  const Workload& workload = kWorkloads[i % 4];
  const std::size_t product = i / 4 % 4;
  const std::size_t qualified = (i * 2654435761u) % 300;
  char row[640];
  const int length = std::snprintf(
      row, sizeof row,
      R"({"processedDateTime":"2018-10-14T00:00:00","workloadCode":"%s","workloadName":"%s",)"
      R"("serviceCode":"o365","serviceName":"Microsoft Office 365","channel":"reseller",)"
      R"("customerTenantId":"7C1E5B0A-9D3F-4C55-8F0E-%012zX","customerName":"CUSTOMER NUMBER %zu",)"
      R"("productId":"0B9D3A52-6C1C-4E4F-A1F7-%012zX","productName":"%s",)"
      R"("licensesActive":%zu,"licensesQualified":%zu})",
      workload.code, workload.name, customer, customer, product, kProducts[product], qualified / 2,
      qualified);
  body.append(row, static_cast<std::size_t>(length));
}

// Rows from `first` on, a page of them; the body keeps its storage.
void make_page(std::string& body, std::size_t first) {
  body = "{\"Value\":[";
  const std::size_t last = std::min(first + rows_a_page, all_rows);
  for (std::size_t i = first; i < last; ++i) {
    if (i > first) body += ',';
    append_row(body, i);
  }
  body += "],\"@nextLink\":";
  body += last < all_rows ? "\"license?top=10000&skip=1\"" : "null";
  body += ",\"TotalCount\":";
  body += std::to_string(all_rows);
  body += '}';
}

// The largest resident memory since reset_peak(), in MiB.
double peak() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (!line.starts_with("VmHWM:")) continue;
    return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

void reset_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

// Runs `read` on each page and `finish` at the end; only these are timed.
template <typename Read, typename Finish>
void each_page(benchmark::State& state, Read read, Finish finish) {
  reset_peak();
  const double before = peak();
  std::string body;
  std::int64_t bytes = 0;
  for (std::size_t first = 0; first < all_rows; first += rows_a_page) {
    state.PauseTiming();
    make_page(body, first);
    bytes += static_cast<std::int64_t>(body.size());
    state.ResumeTiming();
    read(body);
  }
  finish();
  state.SetBytesProcessed(bytes);
  state.counters["rows"] = static_cast<double>(all_rows);
  state.counters["peak_MiB"] = peak();
  state.counters["before_MiB"] = before;
}

void decode_usage(benchmark::State& state) {
  for (auto _ : state) {
    LabelPool labels;
    const auto decoder = find_data_set("customer_usage")->bulk(labels);
    each_page(
        state,
        [&](const std::string& body) {
          if (const auto page = decoder->page(body); !page) {
            state.SkipWithError(page.error().message.c_str());
          }
        },
        [&] {
          const BulkDecoded decoded = decoder->finish();
          if (decoded.rows != all_rows || decoded.customers.size() != (all_rows + 15) / 16) {
            state.SkipWithError("rows went missing");
          }
        });
  }
}
BENCHMARK(decode_usage)->Iterations(1)->Unit(benchmark::kMillisecond);

void parse_to_a_tree(benchmark::State& state) {
  for (auto _ : state) {
    each_page(
        state,
        [&](const std::string& body) {
          const auto tree = nlohmann::json::parse(body);
          benchmark::DoNotOptimize(tree["TotalCount"].get<std::int64_t>());
        },
        [] {});
  }
}
BENCHMARK(parse_to_a_tree)->Iterations(1)->Unit(benchmark::kMillisecond);

// "--rows=450000"; false where the argument is another one.
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
    if (pce::takes(argv[i], "--rows=", pce::all_rows)) continue;
    if (pce::takes(argv[i], "--page=", pce::rows_a_page)) continue;
    std::fprintf(stderr, "%s: unknown or impossible\n", argv[i]);
    return 2;
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
