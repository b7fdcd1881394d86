#include "exporter/exposition/own_metrics_text.h"

#include <algorithm>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "exporter/exposition/openmetrics_encoder.h"
#include "exporter/exposition/text_encoder.h"
#include "tests/support/files.h"

namespace pce {
namespace {

std::string ours(const prometheus::Registry& registry, const Encoder& encoder = text_encoder()) {
  std::string text;
  for (const auto& family : registry.Collect()) append_family(text, family, encoder);
  return text;
}

std::vector<std::string> sorted_lines(const std::string& text) {
  auto lines = lines_of(text);
  std::ranges::sort(lines);
  return lines;
}

// prometheus-cpp's serializer is the oracle where its known faults (HELP, 16 digits) do not show.
// It writes a histogram's sum and count before its buckets, hence the sorting.
TEST(OwnMetricsText, AgreesWithPrometheusCpp) {
  prometheus::Registry registry;
  auto& histogram =
      prometheus::BuildHistogram().Name("took_seconds").Help("Time.").Register(registry);
  auto& one =
      histogram.Add({{"operation", "token"}}, prometheus::Histogram::BucketBoundaries{0.5, 1, 2.5});
  one.Observe(0.25);
  one.Observe(0.75);
  one.Observe(4);
  prometheus::BuildCounter()
      .Name("calls_total")
      .Help("Calls.")
      .Register(registry)
      .Add({{"code", "200"}})
      .Increment(3);
  prometheus::BuildGauge().Name("up").Help("Up.").Register(registry).Add({}).Set(1);
  EXPECT_EQ(sorted_lines(ours(registry)),
            sorted_lines(prometheus::TextSerializer().Serialize(registry.Collect())));
}

TEST(OwnMetricsText, EscapesHelpAndKeepsEveryDigit) {
  prometheus::Registry registry;
  prometheus::BuildGauge()
      .Name("g")
      .Help("one\ntwo \\ \"three\"")
      .Register(registry)
      .Add({})
      .Set(99.99);
  EXPECT_EQ(ours(registry), "# HELP g one\\ntwo \\\\ \"three\"\n# TYPE g gauge\ng 99.99\n");
}

TEST(OwnMetricsText, SortsSamplesByTheirLabels) {
  prometheus::Registry registry;
  auto& family = prometheus::BuildCounter().Name("calls_total").Help("Calls.").Register(registry);
  for (const char* code : {"500", "200", "429"}) family.Add({{"code", code}});
  EXPECT_EQ(ours(registry),
            "# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{code=\"200\"} 0\n"
            "calls_total{code=\"429\"} 0\ncalls_total{code=\"500\"} 0\n");
}

TEST(OwnMetricsText, SpellsAHistogramAsOpenMetricsWants) {
  prometheus::Registry registry;
  prometheus::BuildHistogram()
      .Name("took_seconds")
      .Help("Time.")
      .Register(registry)
      .Add({{"operation", "token"}}, prometheus::Histogram::BucketBoundaries{0.5, 1})
      .Observe(3);
  EXPECT_EQ(ours(registry, openmetrics_encoder()),
            "# TYPE took_seconds histogram\n# UNIT took_seconds seconds\n"
            "# HELP took_seconds Time.\n"
            "took_seconds_bucket{operation=\"token\",le=\"0.5\"} 0\n"
            "took_seconds_bucket{operation=\"token\",le=\"1.0\"} 0\n"
            "took_seconds_bucket{operation=\"token\",le=\"+Inf\"} 1\n"
            "took_seconds_sum{operation=\"token\"} 3.0\n"
            "took_seconds_count{operation=\"token\"} 1\n");
}

TEST(OwnMetricsText, PutsTheSuffixesOfOpenMetricsOnTheSamplesOnly) {
  prometheus::Registry registry;
  prometheus::BuildCounter().Name("used_seconds_total").Help("T.").Register(registry).Add({});
  prometheus::BuildGauge().Name("build_info").Help("B.").Register(registry).Add({}).Set(1);
  EXPECT_EQ(ours(registry, openmetrics_encoder()),
            "# TYPE used_seconds counter\n# UNIT used_seconds seconds\n# HELP used_seconds T.\n"
            "used_seconds_total 0.0\n"
            "# TYPE build info\n# HELP build B.\nbuild_info 1\n");
}

TEST(OwnMetricsText, ReadsTheUnitFromTheName) {
  EXPECT_EQ(unit_in("process_cpu_seconds_total"), "seconds");
  EXPECT_EQ(unit_in("process_resident_memory_bytes"), "bytes");
  EXPECT_EQ(unit_in("pace_ratio"), "ratio");
  EXPECT_EQ(unit_in("requests_total"), "");
  EXPECT_EQ(unit_in("up"), "");
}

}  // namespace
}  // namespace pce
