// Ten thousand customers with fifteen products each: 150,000 deployment rows, 450,000 usage rows.
#include <algorithm>
#include <charconv>
#include <chrono>

#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

const std::vector<std::string> kEstate{"--customers=10000", "--products=15", "--seed=7",
                                       "--computed-partner-usage"};

std::vector<std::string> estate_and(std::initializer_list<std::string> more) {
  std::vector<std::string> all = kEstate;
  all.insert(all.end(), more);
  return all;
}

// The number behind "name": in the simulator's log, or in one of its objects.
double counted(const std::string& log, const std::string& name) {
  const auto at = log.find("\"" + name + "\":");
  double value = -1;
  if (at != std::string::npos) {
    const auto digits = log.find_first_not_of(' ', at + name.size() + 3);
    const char* const from = log.data() + std::min(digits, log.size());
    std::from_chars(from, log.data() + log.size(), value);
  }
  return value;
}

std::string log_of(const Stage& stage) {
  return ask(stage.simulator_port(), {.path = "/_sim/log?last=0"}).body;
}

double insight_calls(const std::string& log) {
  const std::string operations = log.substr(log.find("\"by_operation\""));
  double calls = 0;
  for (const char* operation : {"commercial_deployment", "commercial_usage", "partner_deployment",
                                "partner_usage", "customer_deployment", "customer_usage"})
    calls += std::max(0.0, counted(operations, operation));
  return calls;
}

std::vector<std::string> insight_lines(const std::string& body) {
  std::vector<std::string> lines;
  for (const std::string& line : lines_of(body)) {
    const bool own = line.find("partner_center_") != std::string::npos ||
                     line.find("process_") != std::string::npos;
    if (!own || line.starts_with("partner_center_customer_info{")) lines.push_back(line);
  }
  return lines;
}

// Reads the whole estate once; the body of /metrics then.
std::string read_all(Stage& stage, const std::string& source, const std::string& limits) {
  stage.start_exporter({.interval = "6h", .source = source, .more = limits});
  EXPECT_TRUE(
      eventually([&] { return stage.get("/-/ready").status == 200; }, std::chrono::minutes(4)))
      << stage.exporter().output();
  return stage.get("/metrics").body;
}

TEST(LargeEstate, IsReadInBulkWithSeventyCallsAndTheSameFromBothSources) {
  Stage bulk;
  bulk.start_simulator(kEstate);
  const std::string from_bulk =
      read_all(bulk, "commercial", "limits: {requests_per_minute: 60000, concurrency: 4}\n");
  const std::string log = log_of(bulk);
  EXPECT_LE(insight_calls(log), 70) << log;
  const Exposition shown = parse_exposition(from_bulk);
  EXPECT_THAT(shown.complaints, testing::IsEmpty());
  EXPECT_TRUE(is_up(shown));
  EXPECT_GT(shown.value("partner_center_collector_rows", {"collector=\"customer_usage\""}),
            449'999);
  const double resident = shown.value("process_resident_memory_bytes");
  EXPECT_LT(resident, 400e6);
  RecordProperty("insight_calls", std::to_string(insight_calls(log)));
  RecordProperty("resident_bytes", std::to_string(resident));

  // The classic source under a throttle of 500 calls a minute, on a clock 60 times faster, asked
  // for more than that.
  Stage classic;
  classic.start_simulator(estate_and({"--speed=60"}));
  classic.simulate("/_sim/settings", R"({"requests_per_minute": 500})");
  const std::string from_classic =
      read_all(classic, "classic", "limits: {requests_per_minute: 55000, concurrency: 8}\n");
  const std::string calls = log_of(classic);
  EXPECT_EQ(counted(calls, "inside_retry_after"), 0) << calls;
  EXPECT_LE(counted(calls, "max_parallel"), 8) << calls;
  EXPECT_GT(counted(calls, "429"), 0) << "the throttle was never met: " << calls;
  EXPECT_TRUE(is_up(parse_exposition(from_classic)));

  const auto one = insight_lines(from_bulk);
  const auto other = insight_lines(from_classic);
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) ASSERT_EQ(one[i], other[i]) << i;
}

}  // namespace
}  // namespace pce
