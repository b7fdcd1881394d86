#pragma once
// Totals from samples, and how far off they may be.
#include <cstddef>
#include <span>
#include <vector>

namespace pce {

// The true total lies within `margin` of `value` about 19 times in 20: twice the standard error. 0:
// it was counted.
struct Estimate {
  double value = 0;
  double margin = 0;

  Estimate& operator+=(const Estimate& other) {
    value += other.value;
    margin += other.margin;  // as if the errors went the same way, because they often do
    return *this;
  }
};
inline Estimate operator*(const Estimate& estimate, double factor) {
  return {.value = estimate.value * factor, .margin = estimate.margin * factor};
}

// The sum over `population` members, of which `sample` were looked at. A sample of one says nothing
// of its own spread: then the margin is the value.
Estimate total_of(std::span<const double> sample, std::size_t population);

struct RowsAndSeries {
  double rows = 0;
  double series = 0;
};
// The series of `rows` rows, where `sample` says what the rows of some customers gave.
Estimate series_of_rows(std::span<const RowsAndSeries> sample, double rows);

}  // namespace pce
