#pragma once
// The real programs on free loopback ports: an exporter, mostly one simulator that it polls, and
// what a test asks of them.
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/end_to_end/upstream.h"
#include "tests/support/exposition_parser.h"
#include "tests/support/program.h"
#include "tests/support/web_client.h"

namespace pce {

inline const std::string kSeedId = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
inline constexpr const char* kSeedCustomer = "customer_id=\"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04\"";

class Stage {
 public:
  Stage();
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path write_file(const std::string& name, const std::string& content,
                                   int mode = 0644) const;

  void start_simulator(const std::vector<std::string>& more = {"--customers=3"});
  // POST to the simulator's control path; a test failure when it refuses.
  void simulate(const std::string& path, const std::string& json);
  void add_fault(const std::string& rule) { simulate("/_sim/faults", rule); }
  void clear_faults() { simulator_->clear_faults(); }
  // A counter of the simulator's log by its name, "inside_retry_after", or by the operation or the
  // status it counts; 0 where there is none.
  double simulator_counted(const std::string& name) const;
  int simulator_port() const { return simulator_ ? simulator_->port() : 0; }
  Upstream& simulator() { return *simulator_; }

  struct Choices {
    std::string interval = "1h";
    std::string stale_after = "48h";
    std::string source = "auto";
    std::string insights{};  // more lines of that section, indented by two
    std::string account{};   // more lines below the account, indented by four
    std::string more{};      // more sections
    int api_port = 0;        // instead of the simulator's
    std::string base{};      // instead of http://127.0.0.1 and that port
    std::string refresh_token = "a-made-up-word";
  };
  // Writes exporter.yml and its token file; returns the path.
  std::filesystem::path write_config(const Choices& choices) const;
  void start_exporter(const Choices& choices);
  // Without waiting for it to listen. `before`: a program, with its arguments, that starts it.
  void start_exporter_with(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& before = {});
  bool exporter_listens();  // waits; false when it ended instead
  Program& exporter() { return *exporter_; }
  int exporter_port() const { return exporter_port_; }
  std::size_t times_said(const std::string& text) const;  // in what the exporter wrote

  WebAnswer get(const std::string& path, const std::string& headers = {}) const;
  // What /metrics shows now; complaints of the strict parser are test failures.
  Exposition scrape() const;
  // Scrapes until `good(exposition)`; the last scrape either way, and a test failure when it never
  // was.
  template <typename Good>
  Exposition scrape_until(Good&& good) const {
    Exposition last;
    EXPECT_TRUE(eventually([&] { return good(last = scrape()); })) << exporter_->output();
    return last;
  }
  // Until the first round has ended.
  Exposition first_round() const;

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Upstream> simulator_;
  std::unique_ptr<Program> exporter_;
  int exporter_port_ = 0;
};

// Whether the last round of everything succeeded.
bool is_up(const Exposition& exposition);
// The ids of the customers that have series of this metric.
std::set<std::string> customers_in(const Exposition& exposition, const std::string& metric);
// What is said of licences, by series; nothing about ourselves or the list of customers.
std::map<std::string, double> insights_of(const Exposition& exposition);
// Whether all collectors are read from `source`.
bool all_read_from(const Exposition& exposition, const std::string& source);
inline constexpr const char* kCollectors[] = {"customer_deployment", "customer_usage",
                                              "partner_deployment", "partner_usage"};
// `collector="…"`, a label to look for.
std::string of_collector(const std::string& collector);
// For names of tests: letters and digits of `text`, anything else an underscore.
std::string as_test_name(std::string text);

}  // namespace pce
