#include "exporter/exposition/own_metrics_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/exposition/text_encoder.h"

namespace pce {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

const char* type_word(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Histogram:
      return "histogram";
    case MetricType::Summary:
      return "summary";
    case MetricType::Gauge:
      return "gauge";
    default:
      return "untyped";
  }
}

std::string label_list(std::vector<ClientMetric::Label> labels) {
  std::ranges::sort(labels, {}, &ClientMetric::Label::name);
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text.append(name).append("=\"").append(escaped_label(value)) += '"';
  }
  return text;
}

void append_line(std::string& out, std::string_view name, std::string_view labels, double value) {
  out += name;
  if (!labels.empty()) out.append("{").append(labels) += '}';
  out += ' ';
  append_number(out, value);
  out += '\n';
}

void append_histogram(std::string& out, const std::string& name, const std::string& labels,
                      const ClientMetric::Histogram& histogram) {
  const std::string before = labels.empty() ? "le=\"" : labels + ",le=\"";
  for (const auto& bucket : histogram.bucket) {
    std::string bound = before;
    append_number(bound, bucket.upper_bound);
    append_line(out, name + "_bucket", bound + '"', static_cast<double>(bucket.cumulative_count));
  }
  append_line(out, name + "_sum", labels, histogram.sample_sum);
  append_line(out, name + "_count", labels, static_cast<double>(histogram.sample_count));
}

}  // namespace

void append_family(std::string& out, const prometheus::MetricFamily& family) {
  if (family.metric.empty()) return;
  append_head(out, family.name, family.help, type_word(family.type));
  std::vector<std::pair<std::string, const ClientMetric*>> samples;
  samples.reserve(family.metric.size());
  for (const auto& metric : family.metric) samples.emplace_back(label_list(metric.label), &metric);
  std::ranges::sort(samples, {},
                    [](const auto& sample) -> const std::string& { return sample.first; });
  for (const auto& [labels, metric] : samples) {
    if (family.type == MetricType::Histogram) {
      append_histogram(out, family.name, labels, metric->histogram);
    } else {
      append_line(out, family.name, labels,
                  family.type == MetricType::Counter ? metric->counter.value : metric->gauge.value);
    }
  }
}

}  // namespace pce
