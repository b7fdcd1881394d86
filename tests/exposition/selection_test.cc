// Scrapes of a part: whatever is asked for in parts is, put together, what is asked for as a whole.
#include "exporter/exposition/selection.h"

#include <map>
#include <set>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "exporter/exposition/scrape.h"
#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"
#include "exporter/store/snapshot_store.h"
#include "exporter/telemetry/poll_telemetry.h"
#include "exporter/telemetry/process_telemetry.h"
#include "tests/bench/synthetic_estate.h"
#include "tests/support/body.h"
#include "tests/support/exposition_parser.h"
#include "tests/support/files.h"
#include "tests/support/slices.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;
using Lines = std::multiset<std::string>;

struct Form {
  const char* name;
  const char* accept;
  bool packed;
};

// Three hundred customers of contoso and a dozen of tailspin, who shares some of them.
class SelectionTest : public testing::TestWithParam<Form> {
 protected:
  SelectionTest() {
    std::vector<std::shared_ptr<const Slice>> slices = estate_slices(300, 0, labels_);
    for (std::size_t i = 0; i < 300; i += 25) {
      const Slice& of_contoso = *slices[300 + i];
      slices.push_back(slice_of(*find_data_set("customer_deployment"), labels_,
                                std::string(of_contoso.key.customer_id), "Customer",
                                of_contoso.records, {}, "tailspin"));
    }
    for (const char* partner : {"contoso", "tailspin"}) {
      slices.push_back(slice_of(
          *find_data_set("partner_deployment"), labels_, "", "",
          {record_of(labels_, {"reseller", "o365"}, {Number::whole(40), Number::real(61.5)})}, {},
          partner));
      slices.push_back(slice_of(
          *find_data_set("partner_usage"), labels_, "", "",
          {record_of(labels_, {"reseller", "o365", "Exchange"}, {Number::real(80)})}, {}, partner));
    }
    store_.replace(slices);
    telemetry_.http_request("/metrics", 200);
  }

  std::string body(Selection selection = {}) const {
    const auto answer = scraper_.answer({.accept = GetParam().accept,
                                         .accept_encoding = GetParam().packed ? "gzip" : "",
                                         .selection = std::move(selection)});
    const std::string text = text_of(answer.body);
    return GetParam().packed ? unzip(text) : text;
  }
  // What is said of licences and customers, as often as it is.
  static Lines insights_in(const std::string& text) {
    Lines lines;
    for (const std::string& line : lines_of(text)) {
      if (line.starts_with('#') || line.starts_with("process_")) continue;
      if (line.starts_with("partner_center_") && !line.starts_with("partner_center_customer_info"))
        continue;
      lines.insert(line);
    }
    return lines;
  }
  Lines insights(Selection selection = {}) const { return insights_in(body(std::move(selection))); }
  // Those lines of all insights that have one of these in them.
  Lines all_with(std::initializer_list<std::string> texts) const {
    Lines lines;
    for (const std::string& line : insights()) {
      if (std::ranges::any_of(
              texts, [&](const std::string& text) { return line.find(text) != std::string::npos; }))
        lines.insert(line);
    }
    return lines;
  }
  static Selection of_customers(const std::vector<std::string>& patterns) {
    return {.customers = CustomerChoice(patterns)};
  }
  static Selection of_partner(const std::string& name) {
    return {.partners = Selection::Names{name}};
  }
  static Selection of_collector(const std::string& name) {
    return {.collectors = Selection::Names{name}};
  }

  LabelPool labels_;
  SnapshotStore store_;
  prometheus::Registry registry_;
  ProcessTelemetry telemetry_{registry_, BuildInfo{}, WallTime{}};
  PollTelemetry contoso_{registry_, "contoso", {"customer_deployment", "customers"}};
  PollTelemetry tailspin_{registry_, "tailspin", {"customer_deployment"}};
  const Scraper scraper_{store_, telemetry_, ""};
};

INSTANTIATE_TEST_SUITE_P(
    Forms, SelectionTest,
    testing::Values(Form{"TextPlain", "text/plain", false}, Form{"TextGzip", "text/plain", true},
                    Form{"OpenMetricsPlain", "application/openmetrics-text", false},
                    Form{"OpenMetricsGzip", "application/openmetrics-text", true}),
    [](const auto& form) { return form.param.name; });

TEST_P(SelectionTest, SixteenBeginningsOfIdsShareEverythingAmongThem) {
  const Lines all = insights();
  ASSERT_EQ(all.size(), 300 * kSeriesPerCustomer + 12 * 4 * 3 + 2 * 3);
  Lines together;
  for (const char digit : std::string("0123456789abcdef")) {
    const Lines part = insights(of_customers({std::string(1, digit) + "*"}));
    EXPECT_GT(part.size(), 0U);
    EXPECT_LT(part.size(), all.size() / 4);
    together.insert(part.begin(), part.end());
  }
  EXPECT_TRUE(together == all);
}

TEST_P(SelectionTest, PairsOfDigitsAndPatternsFromBehindShareEverythingToo) {
  const Lines all = insights();
  Lines by_pairs;
  Lines from_behind;
  for (const char one : std::string("0123456789abcdef")) {
    from_behind.merge(insights(of_customers({std::string("*") + one})));
    for (const char other : std::string("0123456789abcdef"))
      by_pairs.merge(insights(of_customers({std::string{one, other, '*'}})));
  }
  EXPECT_TRUE(by_pairs == all);
  EXPECT_TRUE(from_behind == all);
}

TEST_P(SelectionTest, CollectorsShareEverythingAmongThem) {
  const Lines all = insights();
  Lines together;
  std::set<std::string> collectors;
  for (const DataSet* data_set : published_data_sets()) collectors.insert(data_set->collector);
  for (const std::string& collector : collectors) {
    const Lines part = insights(of_collector(collector));
    EXPECT_GT(part.size(), 0U) << collector;
    together.insert(part.begin(), part.end());
  }
  EXPECT_TRUE(together == all);
}

TEST_P(SelectionTest, PartnersShareEverythingAmongThem) {
  Lines together = insights(of_partner("contoso"));
  together.merge(insights(of_partner("tailspin")));
  EXPECT_TRUE(together == insights());
}

TEST_P(SelectionTest, OneParameterIsAnyOfItsValues) {
  Lines together = insights(of_customers({"3*"}));
  together.merge(insights(of_customers({"ab*"})));
  EXPECT_TRUE(insights(of_customers({"3*", "ab*"})) == together);
  const Lines expected = all_with({"customer_id=\"3", "customer_id=\"ab"});
  EXPECT_GT(expected.size(), 0U);
  EXPECT_TRUE(together == expected);
}

TEST_P(SelectionTest, SeveralParametersAreAllOfThem) {
  Selection selection = of_customers({"3*", "7*", "a*", "c*"});
  selection.partners = Selection::Names{"tailspin"};
  selection.collectors = Selection::Names{"customer_deployment", "partner_usage"};
  Lines expected;
  for (const std::string& line : all_with({"partner=\"tailspin\""})) {
    for (const char* id : {"3", "7", "a", "c"}) {
      if (line.find(std::string("customer_id=\"") + id) != std::string::npos) expected.insert(line);
    }
  }
  ASSERT_GT(expected.size(), 0U);
  EXPECT_TRUE(insights(std::move(selection)) == expected);
}

TEST_P(SelectionTest, OfOneCustomerHasThatCustomerAndNoAccount) {
  const std::string id(estate_slices(300, 0, labels_)[77]->key.customer_id);
  const std::string text = body(of_customers({id}));
  const Lines expected = all_with({"customer_id=\"" + id});
  EXPECT_GE(expected.size(), kSeriesPerCustomer);
  EXPECT_TRUE(insights_in(text) == expected);
  EXPECT_THAT(text, Not(HasSubstr("partner_center_up")));
  EXPECT_THAT(text, HasSubstr("\nprocess_start_time_seconds "));
  EXPECT_THAT(text, HasSubstr("\npartner_center_exporter_http_requests_total{"));
}

TEST_P(SelectionTest, OfNobodyIsAWholeBodyWithoutInsights) {
  const std::string text = body(of_customers({"12345678-0000-4000-8000-000000000000"}));
  EXPECT_TRUE(insights_in(text).empty());
  EXPECT_THAT(text, Not(HasSubstr("licenses_sold")));
  EXPECT_THAT(text, HasSubstr("\nprocess_start_time_seconds "));
}

TEST_P(SelectionTest, WhatIsAboutAnAccountComesWithNobodysId) {
  for (const char* pattern : {"0*", "00000000-0000-0000-0000-000000000000"}) {
    const std::string text = body(of_customers({pattern}));
    EXPECT_THAT(text, HasSubstr("\npartner_center_up{partner=\"contoso\"}")) << pattern;
    EXPECT_THAT(text, HasSubstr("\npartner_licenses_sold{")) << pattern;
  }
  const std::string text = body(of_customers({"1*"}));
  EXPECT_THAT(text, Not(HasSubstr("partner_center_up")));
  EXPECT_THAT(text, Not(HasSubstr("partner_licenses_sold")));
}

TEST_P(SelectionTest, OurOwnMetricsFollowTheirLabels) {
  const std::string of_tailspin = body(of_partner("tailspin"));
  EXPECT_THAT(of_tailspin, Not(HasSubstr("contoso")));
  EXPECT_THAT(of_tailspin, HasSubstr("\npartner_center_up{partner=\"tailspin\"}"));
  EXPECT_THAT(of_tailspin, HasSubstr("\nprocess_start_time_seconds "));

  const std::string of_customers_list = body(of_collector("customers"));
  EXPECT_THAT(of_customers_list, Not(HasSubstr("collector=\"customer_deployment\"")));
  EXPECT_THAT(of_customers_list,
              HasSubstr("\npartner_center_collector_success{collector=\"customers\",partner="));
  EXPECT_THAT(of_customers_list, HasSubstr("\npartner_center_up{partner=\"contoso\"}"));
}

TEST_P(SelectionTest, OfEverythingIsTheWholeScrape) {
  const auto series_in = [](const std::string& text) {
    Lines series;
    for (const std::string& line : lines_of(text)) series.insert(line.substr(0, line.rfind(' ')));
    return series;
  };
  EXPECT_TRUE(insights(of_customers({"*"})) == insights());
  EXPECT_TRUE(series_in(body(of_customers({"*"}))) == series_in(body()));
}

TEST_P(SelectionTest, IsAWellFormedExposition) {
  for (const Selection& selection :
       {of_customers({"a*"}), of_customers({"*7*"}), of_collector("customer_usage"),
        of_partner("tailspin"), Selection{.collectors = Selection::Names{}}}) {
    const std::string text = body(selection);
    if (std::string_view(GetParam().accept) == "text/plain") {
      EXPECT_THAT(parse_exposition(text).complaints, testing::IsEmpty());
    } else {
      EXPECT_THAT(text, testing::EndsWith("\n# EOF\n"));
    }
  }
}

TEST_P(SelectionTest, OutlivesWhatItWasCutFrom) {
  auto scraper = std::make_unique<Scraper>(store_, telemetry_, "");
  const Lines expected = insights(of_customers({"a*", "*5"}));
  const auto answer = scraper->answer({.accept = GetParam().accept,
                                       .accept_encoding = GetParam().packed ? "gzip" : "",
                                       .selection = of_customers({"a*", "*5"})});
  store_.replace(estate_slices(300, 1, labels_));
  scraper.reset();
  const std::string text = text_of(answer.body);
  EXPECT_TRUE(insights_in(GetParam().packed ? unzip(text) : text) == expected);
}

// Sharing is what makes a split estate cheap: pointers of what was prepared, not copies.
TEST(SelectedSnapshot, SharesWhatItHasAsAWhole) {
  LabelPool labels;
  const auto whole = Snapshot::after(Snapshot(), estate_slices(2000, 0, labels), {});
  const auto part = selected(whole, {.customers = CustomerChoice({"a*", "c0*", "d1d*"})});
  EXPECT_EQ(part->generation(), whole->generation());
  const DataSet& usage = *find_data_set("customer_usage");
  for (std::size_t run = 0; run < Snapshot::kRuns; ++run) {
    const auto& now = (*part->runs(usage))[run];
    if (run / 16 == 0xa || run == 0xc0) {
      EXPECT_EQ(now, (*whole->runs(usage))[run]) << run;
    } else if (run != 0xd1) {
      EXPECT_EQ(now, nullptr) << run;
    }
  }
  const auto of_collector = selected(whole, {.collectors = Selection::Names{"customer_usage"}});
  EXPECT_EQ(of_collector->runs(usage), whole->runs(usage));
}

}  // namespace
}  // namespace pce
