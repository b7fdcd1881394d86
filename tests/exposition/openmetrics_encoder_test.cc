#include "exporter/exposition/openmetrics_encoder.h"

#include <cmath>
#include <limits>

#include "exporter/exposition/numbers.h"

namespace pce {
namespace {

const Encoder& encoder() { return openmetrics_encoder(); }

std::string head(const FamilyHead& family) {
  std::string text;
  encoder().append_head(text, family);
  return text;
}

std::string real(double number) {
  char text[kNumberSizeMax];
  return {text, encoder().write_real(text, number)};
}

TEST(OpenMetricsEncoder, WritesTypeUnitAndHelpInThisOrder) {
  EXPECT_EQ(head({.name = "deployment_percent", .help = "Share.", .unit = "percent"}),
            "# TYPE deployment_percent gauge\n# UNIT deployment_percent percent\n"
            "# HELP deployment_percent Share.\n");
  EXPECT_EQ(head({.name = "sold", .help = "Seats.", .unit = ""}),
            "# TYPE sold gauge\n# HELP sold Seats.\n");
}

TEST(OpenMetricsEncoder, EscapesQuotesInHelpToo) {
  EXPECT_THAT(head({.name = "g", .help = "one\ntwo \\ \"three\"", .unit = ""}),
              testing::EndsWith("# HELP g one\\ntwo \\\\ \\\"three\\\"\n"));
}

TEST(OpenMetricsEncoder, TakesTheSuffixFromTheFamilyAndLeavesItOnTheSamples) {
  const FamilyHead counter{
      .name = "calls_total", .help = "", .unit = "", .kind = MetricKind::kCounter};
  EXPECT_EQ(encoder().family_name(counter), "calls");
  EXPECT_EQ(encoder().sample_name(counter), "calls_total");
  const FamilyHead info{.name = "build_info", .help = "", .unit = "", .kind = MetricKind::kInfo};
  EXPECT_EQ(encoder().family_name(info), "build");
  EXPECT_EQ(encoder().sample_name(info), "build_info");
  EXPECT_THAT(head(info), testing::StartsWith("# TYPE build info\n"));
}

// As Prometheus' Go client does.
TEST(OpenMetricsEncoder, PutsTotalBehindACounterThatLacksIt) {
  const FamilyHead counter{.name = "calls", .help = "", .unit = "", .kind = MetricKind::kCounter};
  EXPECT_EQ(encoder().family_name(counter), "calls");
  EXPECT_EQ(encoder().sample_name(counter), "calls_total");
}

TEST(OpenMetricsEncoder, LeavesAGaugesNameAloneWhateverItEndsIn) {
  const FamilyHead gauge{.name = "seats_total", .help = "", .unit = ""};
  EXPECT_EQ(encoder().family_name(gauge), "seats_total");
  EXPECT_EQ(encoder().sample_name(gauge), "seats_total");
}

TEST(OpenMetricsEncoder, GivesEveryMeasuredNumberAPointOrAnExponent) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(real(80), "80.0");
  EXPECT_EQ(real(-1), "-1.0");
  EXPECT_EQ(real(0), "0.0");
  EXPECT_EQ(real(99.99), "99.99");
  EXPECT_EQ(real(1e21), "1e+21");
  EXPECT_EQ(real(1e-7), "1e-07");
  EXPECT_EQ(real(std::nan("")), "NaN");
  EXPECT_EQ(real(infinity), "+Inf");
  EXPECT_EQ(real(-infinity), "-Inf");
}

TEST(OpenMetricsEncoder, CallsWhatHasNoTypeUnknown) {
  EXPECT_THAT(head({.name = "x", .help = "", .unit = "", .kind = MetricKind::kUntyped}),
              testing::StartsWith("# TYPE x unknown\n"));
}

TEST(OpenMetricsEncoder, SaysWhereItEnds) { EXPECT_EQ(encoder().end(), "# EOF\n"); }

}  // namespace
}  // namespace pce
