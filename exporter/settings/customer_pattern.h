#pragma once
// One entry of customers.include or customers.exclude.
#include <string>
#include <utility>

namespace pce {

struct CustomerPattern {
  CustomerPattern(std::string pattern, int line_in_file = 0)  // NOLINT(google-explicit-constructor)
      : text(std::move(pattern)), line(line_in_file) {}
  CustomerPattern(const char* pattern) : text(pattern) {}  // NOLINT(google-explicit-constructor)

  std::string text;  // an id or a name, with * for any text
  int line;          // of the configuration file, from 1; 0: it stands in none
  friend bool operator==(const CustomerPattern&, const CustomerPattern&) = default;
};

}  // namespace pce
