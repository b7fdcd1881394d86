#pragma once
// A metric is a projection of a row: one line of a data set's table.
#include <array>
#include <cstddef>

#include "exporter/base/units.h"
#include "exporter/insights/data_set.h"

namespace pce {

template <typename Row>
struct MetricSpec {
  const char* name;
  const char* help;
  const char* unit;
  Number Row::*value;
};

// The part of the table that the rest of the house sees.
template <typename Row, std::size_t N>
constexpr std::array<MetricInfo, N> metric_infos(const std::array<MetricSpec<Row>, N>& specs) {
  std::array<MetricInfo, N> infos{};
  for (std::size_t i = 0; i < N; ++i) infos[i] = {specs[i].name, specs[i].help, specs[i].unit};
  return infos;
}

}  // namespace pce
