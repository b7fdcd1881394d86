#include "exporter/commands/estimate.h"

#include <cmath>
#include <random>

namespace pce {
namespace {

TEST(Estimate, OfEverybodyIsTheSum) {
  const std::vector<double> all{3, 5, 4};
  EXPECT_EQ(total_of(all, 3).value, 12);
  EXPECT_EQ(total_of(all, 3).margin, 0);
}

TEST(Estimate, OfNobodyIsNothing) {
  EXPECT_EQ(total_of({}, 10).value, 0);
  EXPECT_EQ(series_of_rows({}, 10).value, 0);
}

// Mean 4, variance of the sample 2, a tenth of the population seen.
TEST(Estimate, GrowsWithThePopulationAndKnowsItsError) {
  const std::vector<double> sample{2, 4, 6, 4, 4};
  const Estimate total = total_of(sample, 50);
  EXPECT_DOUBLE_EQ(total.value, 200);
  EXPECT_DOUBLE_EQ(total.margin, 50 * 2 * std::sqrt(2.0 / 5 * 0.9));
}

TEST(Estimate, OfOneSaysNothingOfItsSpread) {
  const std::vector<double> sample{4};
  EXPECT_EQ(total_of(sample, 50).margin, total_of(sample, 50).value);
}

TEST(Estimate, OfEqualsIsCertain) {
  const std::vector<double> sample{4, 4, 4};
  EXPECT_EQ(total_of(sample, 3000).value, 12'000);
  EXPECT_EQ(total_of(sample, 3000).margin, 0);
}

TEST(Estimate, IsWrongByMoreThanItsMarginOnceInTwenty) {
  std::mt19937 random(7);
  std::geometric_distribution<int> size(0.2);
  int outside = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<double> all(1000);
    double sum = 0;
    for (double& one : all) sum += one = size(random);
    const Estimate total = total_of(std::span(all).first(100), all.size());
    outside += std::abs(total.value - sum) > total.margin ? 1 : 0;
  }
  EXPECT_GT(outside, 40);
  EXPECT_LT(outside, 180);
}

TEST(Estimate, OfSeriesKeepsToTheRowsThatAreKnown) {
  const std::vector<RowsAndSeries> sample{{.rows = 10, .series = 30}, {.rows = 2, .series = 6}};
  EXPECT_EQ(series_of_rows(sample, 120).value, 360);
  EXPECT_EQ(series_of_rows(sample, 120).margin, 0) << "every row gave three";
  EXPECT_EQ(series_of_rows(sample, 12).value, 36);
}

TEST(Estimate, OfSeriesKnowsThatCustomersDiffer) {
  const std::vector<RowsAndSeries> sample{{.rows = 10, .series = 30}, {.rows = 10, .series = 0}};
  const Estimate total = series_of_rows(sample, 2000);
  EXPECT_EQ(total.value, 3000);
  // 200 customers, two of them seen, each 15 off.
  EXPECT_DOUBLE_EQ(total.margin, 200 * 2 * std::sqrt(450.0 / 2 * 0.99));
}

TEST(Estimate, AddsErrorsAsIfTheyWentTheSameWay) {
  Estimate sum{.value = 10, .margin = 1};
  sum += {.value = 20, .margin = 2};
  EXPECT_EQ(sum.value, 30);
  EXPECT_EQ(sum.margin, 3);
  EXPECT_EQ((sum * 2).margin, 6);
}

}  // namespace
}  // namespace pce
