#pragma once
// A strict reader of text format 0.0.4: the oracle of every test that looks at an exposition. It
// refuses more than Prometheus does: series twice, families twice or out of order, samples without
// HELP and TYPE before them, labels out of order, anything but LF line ends.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pce {

struct Exposition {
  std::vector<std::string> complaints;       // empty: flawless
  std::map<std::string, double> samples;     // by series as written, "name{label=\"value\",…}"
  std::map<std::string, std::string> types;  // family → type

  // Samples whose series begins with `name{` (or is `name`) and contains every one of `labels`.
  std::map<std::string, double> find(std::string_view name,
                                     const std::vector<std::string>& labels = {}) const;
  // The one such sample; NaN when there is none or more than one.
  double value(std::string_view name, const std::vector<std::string>& labels = {}) const;
};

Exposition parse_exposition(std::string_view text);

}  // namespace pce
