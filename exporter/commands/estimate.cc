#include "exporter/commands/estimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pce {
namespace {

// Twice the standard error of the mean of `deviations`, of which the sum is 0, in a population so
// large.
double margin_of_mean(std::span<const double> deviations, double population) {
  const auto n = static_cast<double>(deviations.size());
  const double squares =
      std::inner_product(deviations.begin(), deviations.end(), deviations.begin(), 0.0);
  const double unseen = std::max(1 - n / population, 0.0);
  return 2 * std::sqrt(squares / (n - 1) / n * unseen);
}

}  // namespace

Estimate total_of(std::span<const double> sample, std::size_t population) {
  const auto n = static_cast<double>(sample.size());
  const auto all = static_cast<double>(population);
  if (sample.empty()) return {};
  const double mean = std::accumulate(sample.begin(), sample.end(), 0.0) / n;
  Estimate total{.value = mean * all};
  if (sample.size() >= population) return total;
  if (sample.size() == 1) return {.value = total.value, .margin = total.value};
  std::vector<double> deviations;
  for (const double one : sample) deviations.push_back(one - mean);
  total.margin = all * margin_of_mean(deviations, all);
  return total;
}

Estimate series_of_rows(std::span<const RowsAndSeries> sample, double rows) {
  double sample_rows = 0;
  double sample_series = 0;
  for (const RowsAndSeries& one : sample) {
    sample_rows += one.rows;
    sample_series += one.series;
  }
  if (sample_rows <= 0) return {};
  const double ratio = sample_series / sample_rows;
  Estimate total{.value = ratio * rows};
  if (sample_rows >= rows) return total;
  if (sample.size() == 1) return {.value = total.value, .margin = total.value};
  std::vector<double> deviations;
  for (const RowsAndSeries& one : sample) deviations.push_back(one.series - ratio * one.rows);
  const double customers = static_cast<double>(sample.size()) * rows / sample_rows;
  total.margin = customers * margin_of_mean(deviations, customers);
  return total;
}

}  // namespace pce
