#pragma once
// What a text format is to the rest of this room. A sample's line is the same in all of them, but
// for names and numbers that say here how they want to be spelled.
#include <string>
#include <string_view>

namespace pce {

enum class MetricKind { kCounter, kGauge, kHistogram, kInfo, kUntyped };

// What HELP, TYPE and UNIT say of a family.
struct FamilyHead {
  std::string name;  // as text format 0.0.4 has it: what a dashboard asks for
  std::string help;
  std::string unit;  // the suffix of the name that is one, or empty
  MetricKind kind = MetricKind::kGauge;
};

class Encoder {
 public:
  virtual ~Encoder() = default;

  // The name in HELP and TYPE. Families stand in the order of these.
  virtual std::string family_name(const FamilyHead& family) const = 0;
  // The name of a sample; those of histograms have a suffix of their own behind it.
  virtual std::string sample_name(const FamilyHead& family) const = 0;
  // The lines before the first sample.
  virtual void append_head(std::string& out, const FamilyHead& family) const = 0;
  // A number that is measured, even if it happens to be whole: seconds, percent, a bucket's bound.
  // Takes at most kNumberSizeMax bytes; returns where the next byte belongs.
  virtual char* write_real(char* to, double number) const = 0;
  // What stands behind the last sample.
  virtual std::string_view end() const = 0;
};

}  // namespace pce
