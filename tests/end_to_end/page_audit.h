#pragma once
// What can be found wrong with a page by looking at it as a browser shows it. Source: WCAG 2.2,
// criteria 1.3.1, 1.4.3, 1.4.10, 1.4.11, 2.4.3, 2.4.7, 2.5.8, 4.1.2.
#include <string>
#include <vector>

#include "tests/support/chromium.h"

namespace pce {

// Texts and edges that stand out too little, each with its colours and ratio.
std::vector<std::string> poor_contrasts(Chromium& browser);
// Missing landmarks, headings that skip a level, tables and fields without names, ids used twice.
std::vector<std::string> structural_faults(Chromium& browser);
// Whatever sticks out of the window, or is too small for a finger.
std::vector<std::string> layout_faults(Chromium& browser);

struct Stop {
  std::string what;          // "a /metrics", "input customer"
  bool is_visible = false;   // in the window, and not covered
  bool is_outlined = false;  // so that one sees where one is
};
// Where the Tab key leads from the beginning of the page, until it leaves it.
std::vector<Stop> walk(Chromium& browser);
// What it should lead to: all that can be used, in the order of the page.
std::vector<std::string> reachable(Chromium& browser);

}  // namespace pce
