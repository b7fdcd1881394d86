#include "exporter/exposition/own_metrics_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exporter/base/label.h"
#include "exporter/exposition/numbers.h"

namespace pce {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;

std::string label_list(std::vector<ClientMetric::Label> labels) {
  std::ranges::sort(labels, {}, &ClientMetric::Label::name);
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text.append(name).append("=\"").append(escaped_label(value)) += '"';
  }
  return text;
}

// The samples of one family; `real` says how its values, other than counts, are spelled.
class Lines {
 public:
  Lines(std::string& out, const FamilyHead& head, const Encoder& encoder)
      : out_(out),
        encoder_(encoder),
        name_(encoder.sample_name(head)),
        real_(!head.unit.empty() && head.unit != "bytes") {}

  void value(const std::string& labels, double number) { line({}, labels, number, real_); }

  void histogram(const std::string& labels, const ClientMetric::Histogram& histogram) {
    const std::string before = labels.empty() ? "le=\"" : labels + ",le=\"";
    for (const auto& bucket : histogram.bucket) {
      std::string bound = before;
      append_value(bound, bucket.upper_bound, true);
      line("_bucket", bound + '"', static_cast<double>(bucket.cumulative_count), false);
    }
    line("_sum", labels, histogram.sample_sum, real_);
    line("_count", labels, static_cast<double>(histogram.sample_count), false);
  }

 private:
  void line(std::string_view suffix, std::string_view labels, double number, bool real) {
    out_.append(name_).append(suffix);
    if (!labels.empty()) out_.append("{").append(labels) += '}';
    out_ += ' ';
    append_value(out_, number, real);
    out_ += '\n';
  }

  void append_value(std::string& out, double number, bool real) const {
    std::array<char, kNumberSizeMax> text;
    char* end = real ? encoder_.write_real(text.data(), number) : write_number(text.data(), number);
    out.append(text.data(), end);
  }

  std::string& out_;
  const Encoder& encoder_;
  const std::string name_;
  const bool real_;  // measured, not counted
};

MetricKind kind_of(const prometheus::MetricFamily& family) {
  switch (family.type) {
    case MetricType::Counter:
      return MetricKind::kCounter;
    case MetricType::Histogram:
      return MetricKind::kHistogram;
    case MetricType::Gauge:
      return family.name.ends_with("_info") ? MetricKind::kInfo : MetricKind::kGauge;
    default:
      return MetricKind::kUntyped;
  }
}

}  // namespace

std::string_view unit_in(std::string_view name) {
  constexpr std::array<std::string_view, 4> kUnits{"seconds", "bytes", "ratio", "percent"};
  if (name.ends_with("_total")) name.remove_suffix(6);
  const auto bar = name.rfind('_');
  if (bar == std::string_view::npos) return {};
  const auto unit = std::ranges::find(kUnits, name.substr(bar + 1));
  return unit == kUnits.end() ? std::string_view() : *unit;
}

FamilyHead head_of(const prometheus::MetricFamily& family) {
  return {.name = family.name,
          .help = family.help,
          .unit = std::string(unit_in(family.name)),
          .kind = kind_of(family)};
}

void append_family(std::string& out, const prometheus::MetricFamily& family,
                   const Encoder& encoder) {
  if (family.metric.empty()) return;
  const FamilyHead head = head_of(family);
  encoder.append_head(out, head);
  std::vector<std::pair<std::string, const ClientMetric*>> samples;
  samples.reserve(family.metric.size());
  for (const auto& metric : family.metric) samples.emplace_back(label_list(metric.label), &metric);
  std::ranges::sort(samples, {},
                    [](const auto& sample) -> const std::string& { return sample.first; });
  Lines lines(out, head, encoder);
  for (const auto& [labels, metric] : samples) {
    switch (family.type) {
      case MetricType::Histogram:
        lines.histogram(labels, metric->histogram);
        break;
      case MetricType::Counter:
        lines.value(labels, metric->counter.value);
        break;
      case MetricType::Gauge:
        lines.value(labels, metric->gauge.value);
        break;
      default:
        lines.value(labels, metric->untyped.value);
    }
  }
}

}  // namespace pce
