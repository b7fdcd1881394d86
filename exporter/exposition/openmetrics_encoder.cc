#include "exporter/exposition/openmetrics_encoder.h"

#include "exporter/exposition/numbers.h"

namespace pce {
namespace {

const char* type_word(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kHistogram:
      return "histogram";
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kInfo:
      return "info";
    case MetricKind::kUntyped:
      break;
  }
  return "unknown";
}

// What the samples of a kind have behind their family's name.
std::string_view suffix_of(MetricKind kind) {
  if (kind == MetricKind::kCounter) return "_total";
  return kind == MetricKind::kInfo ? "_info" : "";
}

class OpenMetricsEncoder final : public Encoder {
 public:
  std::string family_name(const FamilyHead& family) const override {
    const std::string_view suffix = suffix_of(family.kind);
    if (!family.name.ends_with(suffix)) return family.name;
    return family.name.substr(0, family.name.size() - suffix.size());
  }

  // A counter that does not say so in its name says it here, as the specification wants it.
  std::string sample_name(const FamilyHead& family) const override {
    return family_name(family).append(suffix_of(family.kind));
  }

  void append_head(std::string& out, const FamilyHead& family) const override {
    const std::string name = family_name(family);
    out.append("# TYPE ").append(name).append(" ").append(type_word(family.kind)) += '\n';
    if (!family.unit.empty()) {
      out.append("# UNIT ").append(name).append(" ").append(family.unit) += '\n';
    }
    out.append("# HELP ").append(name) += ' ';
    for (const char c : family.help) {
      if (c == '\\') {
        out += "\\\\";
      } else if (c == '"') {
        out += "\\\"";
      } else if (c == '\n') {
        out += "\\n";
      } else {
        out += c;
      }
    }
    out += '\n';
  }

  char* write_real(char* to, double number) const override {
    char* end = write_number(to, number);
    // NaN and the infinities have letters that a whole number lacks.
    const std::string_view text(to, static_cast<std::size_t>(end - to));
    if (text.find_first_not_of("-0123456789") != std::string_view::npos) return end;
    *end++ = '.';
    *end++ = '0';
    return end;
  }

  std::string_view end() const override { return "# EOF\n"; }
};

}  // namespace

const Encoder& openmetrics_encoder() {
  static const OpenMetricsEncoder encoder;
  return encoder;
}

}  // namespace pce
