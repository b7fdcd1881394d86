#include "tests/dashboards/promql.h"

namespace pce {
namespace {

TEST(Promql, SelectorsAreFoundWithWhatSurroundsThem) {
  const PromqlReading reading = read_promql(
      "100 * sum by (a, b) (rate(${prefix}x_total{job=~\"$job\",c!=\"}\\\"\"}[$__rate_interval])) "
      "/ on (a) group_left (d) (y{} offset 7d > 0)");
  EXPECT_EQ(reading.trouble, "");
  ASSERT_EQ(reading.selectors.size(), 2U);
  const Selector& x = reading.selectors[0];
  EXPECT_EQ(x.metric, "x_total");
  EXPECT_TRUE(x.prefixed);
  EXPECT_EQ(x.range, "$__rate_interval");
  EXPECT_EQ(x.function, "rate");
  EXPECT_TRUE(x.has("job", "=~", "$job"));
  EXPECT_TRUE(x.has("c", "!=", "}\\\""));
  const Selector& y = reading.selectors[1];
  EXPECT_EQ(y.metric, "y");
  EXPECT_FALSE(y.prefixed);
  EXPECT_EQ(y.function, "");
  EXPECT_EQ(reading.labels, (std::set<std::string>{"a", "b", "d"}));
}

TEST(Promql, WhatStandsInAnAggregationIsNoFunctionOfItsOwn) {
  const PromqlReading reading = read_promql("sum without (a) (x{})");
  ASSERT_EQ(reading.selectors.size(), 1U);
  EXPECT_EQ(reading.selectors[0].function, "sum");
}

TEST(Promql, WhatCannotBeReadIsSaid) {
  for (const char* query : {"sum(x{}", "x{})", "x{a=b}", "x{a=\"b}", "x{}[5m", "$job", "sum by x"})
    EXPECT_NE(read_promql(query).trouble, "") << query;
}

}  // namespace
}  // namespace pce
