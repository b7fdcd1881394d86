#include "exporter/exposition/text_encoder.h"

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
    case MetricKind::kInfo:
      return "gauge";
    case MetricKind::kUntyped:
      break;
  }
  return "untyped";
}

class TextEncoder final : public Encoder {
 public:
  std::string family_name(const FamilyHead& family) const override { return family.name; }
  std::string sample_name(const FamilyHead& family) const override { return family.name; }

  void append_head(std::string& out, const FamilyHead& family) const override {
    out.append("# HELP ").append(family.name) += ' ';
    for (const char c : family.help) {
      if (c == '\\') {
        out += "\\\\";
      } else if (c == '\n') {
        out += "\\n";
      } else {
        out += c;
      }
    }
    out.append("\n# TYPE ").append(family.name).append(" ").append(type_word(family.kind)) += '\n';
  }

  char* write_real(char* to, double number) const override { return write_number(to, number); }
  std::string_view end() const override { return {}; }
};

}  // namespace

const Encoder& text_encoder() {
  static const TextEncoder encoder;
  return encoder;
}

}  // namespace pce
