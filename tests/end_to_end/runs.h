#pragma once
// Which processing run the rows of a scrape are from, while the simulator's generation_in_rows says
// so in each: deployed and active are the run, sold and qualified 1000 more.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pce {

struct Runs {
  std::map<std::string, int> run_of;  // by collector and customer: "customer_usage 4d3cf487-…"
  std::vector<std::string> mixed;     // samples of another run than others of their customer
};
Runs runs_in(std::string_view body);

}  // namespace pce
