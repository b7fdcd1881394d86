// What other people's readers make of each form of a body full of hostile names.
#include <algorithm>

#include <prometheus/registry.h>

#include "exporter/exposition/scrape.h"
#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/api_telemetry.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/process_telemetry.h"
#include "tests/support/body.h"
#include "tests/support/exposition_parser.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/slices.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

const std::vector<std::string> kNames{
    "a\"b\\c",
    "line\nfeed",
    "carriage\rreturn",
    "tab\there",
    std::string("zero\0byte", 9),
    "Müller & Söhne 🏭",
    std::string(4000, 'x'),
    "cut \xE2\x82",
    "\xFF\xFE",
    "",
    " ",
    "twin",
    "twin",
    "# EOF",
    "# HELP licenses_sold",
    "} 1\nfake_metric 2",
    "\\n\\\"\\\\",
    "ends in a backslash\\",
    "\xE2\x80\xA8separator",
};

class ReadersTest : public testing::Test {
 protected:
  ReadersTest() {
    std::vector<std::shared_ptr<const Slice>> slices;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      char id[40];
      std::snprintf(id, sizeof id, "%02zx12a436-b14e-4888-967b-ca4bb2cf1234", i * 13);
      slices.push_back(slice_of(*find_data_set("customer_deployment"), labels_, id, kNames[i],
                                {record_of(labels_, {"reseller", kNames[i], "o365"},
                                           {Number::whole(std::int64_t{1} << 53), Number::whole(0),
                                            Number::real(100.0 / 3)}),
                                 record_of(labels_, {"reseller", "z" + kNames[i], "o365"},
                                           {Number::whole(0), Number(), Number()})}));
      slices.push_back(slice_of(customer_info(), labels_, id, kNames[i],
                                {customer_info_record(kNames[i], "reseller", kNames[i], labels_)}));
    }
    slices.push_back(
        slice_of(*find_data_set("partner_usage"), labels_, "", "",
                 {record_of(labels_, {"reseller", "o365", "Exchange"}, {Number::real(80)})}));
    store_.replace(slices);
    telemetry_.http_request("/metrics", 200);
    telemetry_.config_loaded(WallTime{}, {});
    polls_.collector_source("customer_deployment", "classic");
  }

  std::filesystem::path written(const std::string& body) {
    static int number = 0;
    const auto path = folder_.path() / ("body" + std::to_string(++number));
    std::ofstream(path, std::ios::binary) << body;
    return path;
  }
  std::string body(const std::string& accept, const std::string& accept_encoding,
                   Selection selection = {}) {
    return text_of(scraper_
                       .answer({.accept = accept,
                                .accept_encoding = accept_encoding,
                                .selection = std::move(selection)})
                       .body);
  }
  static std::size_t samples_in(const std::string& text) {
    const auto lines = lines_of(text);
    return static_cast<std::size_t>(std::ranges::count_if(
        lines, [](const std::string& line) { return !line.starts_with('#'); }));
  }
  void expect_python_reads(const std::string& form, const std::string& coding,
                           const std::string& body, std::size_t samples) {
    const Finished read = run_program({"/usr/bin/python3",
                                       (source_dir() / "tests/support/read_exposition.py").string(),
                                       form, coding, written(body).string()});
    EXPECT_EQ(read.status, 0) << read.output;
    EXPECT_EQ(read.output, std::to_string(samples) + "\n");
  }

  static constexpr const char* kOpenMetrics = "application/openmetrics-text;version=1.0.0";
  TemporaryFolder folder_;
  LabelPool labels_;
  SnapshotStore store_;
  prometheus::Registry registry_;
  ProcessTelemetry telemetry_{registry_, BuildInfo{.version = "1\"2"}, WallTime{}};
  PollTelemetry polls_{registry_, "con\"toso", {"customer_deployment"}};
  ApiTelemetry calls_{registry_, "con\"toso", {"customer_deployment"}};
  const Scraper scraper_{store_, telemetry_, ""};
};

TEST_F(ReadersTest, OurStrictOneFindsNoFaultInText) {
  const Exposition shown = parse_exposition(body("", ""));
  EXPECT_THAT(shown.complaints, testing::IsEmpty());
  EXPECT_EQ(shown.find("licenses_sold").size(), 2 * kNames.size());
  EXPECT_EQ(shown.find("fake_metric").size(), 0U);
}

TEST_F(ReadersTest, PromtoolFindsNoFaultInText) {
  const auto path = written(body("", ""));
  const Finished checked =
      run_program({"sh", "-c", "promtool check metrics < '" + path.string() + "'"});
  EXPECT_EQ(checked.status, 0) << checked.output;
  EXPECT_EQ(checked.output, "");
}

TEST_F(ReadersTest, PythonReadsBothFormatsPlainAndPacked) {
  const std::size_t samples = samples_in(body("", ""));
  ASSERT_GT(samples, 4 * kNames.size());
  EXPECT_EQ(samples_in(body(kOpenMetrics, "")), samples);
  expect_python_reads("text", "plain", body("", ""), samples);
  expect_python_reads("text", "gzip", body("", "gzip"), samples);
  expect_python_reads("openmetrics", "plain", body(kOpenMetrics, ""), samples);
  expect_python_reads("openmetrics", "gzip", body(kOpenMetrics, "gzip"), samples);
}

TEST_F(ReadersTest, PythonReadsAPartAsWell) {
  const Selection part{.customers = CustomerChoice(std::vector<std::string>{"0*", "*b1*-b14e-*"})};
  const std::size_t samples = samples_in(body("", "", part));
  ASSERT_GT(samples, 20U);
  ASSERT_LT(samples, samples_in(body("", "")));
  expect_python_reads("text", "gzip", body("", "gzip", part), samples);
  expect_python_reads("openmetrics", "plain", body(kOpenMetrics, "", part), samples);
  expect_python_reads("openmetrics", "gzip", body(kOpenMetrics, "gzip", part), samples);
}

TEST_F(ReadersTest, GzipItselfFindsOneWholeMember) {
  for (const char* accept : {"", kOpenMetrics}) {
    const std::string path = written(body(accept, "gzip")).string();
    const Finished tested = run_program({"sh", "-c", "gzip -t < '" + path + "'"});
    EXPECT_EQ(tested.status, 0) << tested.output;
    EXPECT_EQ(tested.output, "");
  }
}

}  // namespace
}  // namespace pce
