// Every way an answer can be spelt, from both generations of insights: what must change nothing,
// and what changes exactly one thing.
#include <algorithm>
#include <cmath>
#include <tuple>

#include <nlohmann/json.hpp>

#include "tests/end_to_end/stage.h"

namespace pce {
namespace {

struct Variant {
  std::string name;
  std::string json;
  bool dates_readable = true;
};
void PrintTo(const Variant& v, std::ostream* out) { *out << v.json; }

std::string spelt(const std::string& variant) { return "{\"variant\": " + variant + "}"; }

double sum_of(const std::map<std::string, double>& samples) {
  double sum = 0;
  for (const auto& [series, value] : samples) sum += value;
  return sum;
}

double rejected(const Exposition& e, const std::vector<std::string>& labels = {}) {
  return sum_of(e.find("partner_center_collector_rows_rejected_total", labels));
}

using Spelling = std::tuple<Variant, const char*>;
class EndToEndSpelling : public testing::TestWithParam<Spelling> {};

TEST_P(EndToEndSpelling, ChangesNoInsight) {
  const auto& [variant, source] = GetParam();
  const char* const kProcessed = "partner_center_data_processed_timestamp_seconds";
  Stage stage;
  stage.start_simulator({"--customers=8"});
  stage.start_exporter({.source = source});
  const Exposition plain = stage.first_round();
  ASSERT_FALSE(insights_of(plain).empty());
  ASSERT_FALSE(plain.find(kProcessed).empty());

  stage.simulate("/_sim/settings", spelt(variant.json));
  stage.start_exporter({.source = source});
  const Exposition shown = stage.first_round();
  EXPECT_TRUE(is_up(shown)) << stage.exporter().output();
  EXPECT_TRUE(all_read_from(shown, source));
  EXPECT_EQ(insights_of(shown), insights_of(plain));
  EXPECT_EQ(rejected(shown), 0);
  if (variant.dates_readable) {
    EXPECT_EQ(shown.find(kProcessed), plain.find(kProcessed));
  } else {
    EXPECT_TRUE(shown.find(kProcessed).empty());
  }
  const double unreadable = sum_of(
      shown.find("partner_center_schema_drift_total",
                 {of_collector("customer_usage"), "field=\"processedDateTime\"", "kind=\"date\""}));
  EXPECT_EQ(unreadable > 0, variant.name == "dates garbage");
}

INSTANTIATE_TEST_SUITE_P(
    Variants, EndToEndSpelling,
    testing::Combine(
        testing::Values(Variant{"bom", R"({"bom": true})"},
                        Variant{"floats", R"({"floats": true})"},
                        Variant{"numeric strings", R"({"numeric_strings": true})"},
                        Variant{"shuffled keys", R"({"shuffled_keys": true})"},
                        Variant{"unknown keys", R"({"unknown_keys": true})"},
                        Variant{"lower case keys", R"({"lower_case_keys": true})"},
                        Variant{"announcement keys", R"({"announcement_keys": true})"},
                        Variant{"classic codes", R"({"classic_codes": true})"},
                        Variant{"upper case ids", R"({"upper_case_ids": true})"},
                        Variant{"lower case ids", R"({"upper_case_ids": false})"},
                        Variant{"singular active", R"({"singular_active": true})"},
                        Variant{"missing optional", R"({"missing_optional": true})"},
                        Variant{"null percent of zero", R"({"null_percent_of_zero": true})"},
                        Variant{"gzip", R"({"gzip": true})"},
                        Variant{"dates offset", R"({"dates": "offset"})"},
                        Variant{"dates offset fraction", R"({"dates": "offset_fraction"})"},
                        Variant{"dates zulu", R"({"dates": "zulu"})"},
                        Variant{"dates zulu fraction", R"({"dates": "zulu_fraction"})"},
                        Variant{"dates no offset", R"({"dates": "no_offset"})"},
                        Variant{"dates no offset fraction", R"({"dates": "no_offset_fraction"})"},
                        Variant{"dates mixed", R"({"dates": "mixed"})"},
                        Variant{"dates sentinel none", R"({"dates": "sentinel_none"})", false},
                        Variant{"dates sentinel far", R"({"dates": "sentinel_far"})", false},
                        Variant{"dates garbage", R"({"dates": "garbage"})", false}),
        testing::Values("classic", "commercial")),
    [](const testing::TestParamInfo<Spelling>& param) {
      return as_test_name(std::get<0>(param.param).name + " " + std::get<1>(param.param));
    });

class EndToEndVariant : public testing::TestWithParam<const char*> {
 protected:
  // Both start with the usual spelling.
  void start_once() {
    stage_.start_simulator({"--customers=8"});
    stage_.start_exporter({.source = GetParam()});
    before_ = stage_.first_round();
    ASSERT_TRUE(is_up(before_));
  }
  void start_polling() {
    stage_.start_simulator({"--customers=8"});
    stage_.start_exporter({.interval = "300ms", .stale_after = "1h", .source = GetParam()});
    before_ = stage_.scrape_until(is_up);
  }
  // Another exporter that knows the variant only.
  Exposition started_with(const std::string& variant) {
    spell(variant);
    stage_.start_exporter({.source = GetParam()});
    return stage_.first_round();
  }
  void spell(const std::string& variant) { stage_.simulate("/_sim/settings", spelt(variant)); }
  void spell_as_usual() { stage_.simulate("/_sim/settings", R"({"variant": {}})"); }
  bool commercial() const { return GetParam() == std::string("commercial"); }

  Stage stage_;
  Exposition before_;
};

INSTANTIATE_TEST_SUITE_P(Sources, EndToEndVariant, testing::Values("classic", "commercial"),
                         [](const auto& param) { return std::string(param.param); });

TEST_P(EndToEndVariant, NullAndMissingNumbersAreNoSamplesAndNeverZero) {
  start_polling();
  for (const char* variant : {R"({"null_numbers": true})", R"({"missing_numbers": true})"}) {
    spell(variant);
    const Exposition during = stage_.scrape_until([&](const Exposition& e) {
      for (const auto& [series, value] : insights_of(e))
        EXPECT_EQ(value, before_.samples.at(series)) << series;
      return insights_of(e).empty();
    });
    EXPECT_TRUE(is_up(during)) << variant;
    EXPECT_EQ(rejected(during), 0) << variant;
    for (const char* field : {"licensesSold", "licensesDeployed"}) {
      EXPECT_GE(during.value("partner_center_schema_drift_total",
                             {of_collector("customer_deployment"), "kind=\"missing\"",
                              "field=\"" + std::string(field) + "\""}),
                1)
          << variant;
    }
    spell_as_usual();
    stage_.scrape_until(
        [&](const Exposition& e) { return insights_of(e) == insights_of(before_); });
  }
}

TEST_P(EndToEndVariant, WordsForNumbersAreRejectedAndTheOldRowsStay) {
  start_polling();
  spell(R"({"wrong_types": true})");
  const Exposition during = stage_.scrape_until([](const Exposition& e) {
    return std::ranges::all_of(
               kCollectors,
               [&](const char* collector) {
                 return rejected(e, {of_collector(collector), "reason=\"type\""}) > 0 &&
                        e.value("partner_center_collector_success", {of_collector(collector)}) == 0;
               }) &&
           !is_up(e);
  });
  EXPECT_EQ(insights_of(during), insights_of(before_));
  EXPECT_GE(during.value(
                "partner_center_schema_drift_total",
                {of_collector("customer_usage"), "kind=\"type\"", "field=\"licensesQualified\""}),
            1);
  spell_as_usual();
  const Exposition after = stage_.scrape_until(is_up);
  EXPECT_EQ(insights_of(after), insights_of(before_));
}

TEST_P(EndToEndVariant, WordsForNumbersFromTheStartDoNotLookHealthy) {
  start_once();
  const Exposition shown = started_with(R"({"wrong_types": true})");
  EXPECT_TRUE(insights_of(shown).empty());
  EXPECT_FALSE(is_up(shown));
  for (const char* collector : kCollectors) {
    EXPECT_GE(rejected(shown, {of_collector(collector), "reason=\"type\""}), 1) << collector;
    EXPECT_EQ(shown.value("partner_center_collector_success", {of_collector(collector)}), 0)
        << collector;
  }
}

TEST_P(EndToEndVariant, RowsThatComeTwiceAreAddedUpAndCounted) {
  start_once();
  const Exposition shown = started_with(R"({"duplicate_rows": true})");
  EXPECT_TRUE(is_up(shown));
  const auto twice = insights_of(shown);
  ASSERT_EQ(twice.size(), insights_of(before_).size());
  for (const auto& [series, value] : insights_of(before_)) {
    const bool percent = series.substr(0, series.find('{')).ends_with("_percent");
    EXPECT_NEAR(twice.at(series), percent ? value : 2 * value, 1e-9) << series;
  }
  for (const char* collector : kCollectors) {
    EXPECT_EQ(
        2 * shown.value("partner_center_collector_rows_merged_total", {of_collector(collector)}),
        shown.value("partner_center_collector_rows", {of_collector(collector)}))
        << collector;
  }
}

TEST_P(EndToEndVariant, PercentsBeyond100AreShownAsTheyAre) {
  start_once();
  const Exposition shown = started_with(R"({"over_100": true})");
  EXPECT_TRUE(is_up(shown));
  const auto check = [&](const std::string& part, const std::string& whole,
                         const std::string& percent) {
    std::size_t percents = 0;
    for (const auto& [series, sold] : shown.find(whole)) {
      const std::string labels = series.substr(whole.size());
      const double used = shown.samples.at(part + labels);
      EXPECT_EQ(used, 3 * sold + 1) << series;
      const auto found = shown.samples.find(percent + labels);
      ASSERT_EQ(found != shown.samples.end(), sold > 0) << series;
      if (sold == 0) continue;
      ++percents;
      EXPECT_NEAR(found->second, 100 * used / sold, 1e-9) << series;
      EXPECT_GT(found->second, 300);
    }
    EXPECT_GT(percents, 0U);
  };
  check("licenses_deployed", "licenses_sold", "deployment_percent");
  check("licenses_active", "licenses_qualified", "usage_percent");
  for (const char* name : {"partner_deployment_percent", "partner_usage_percent"}) {
    const auto percents = shown.find(name);
    EXPECT_FALSE(percents.empty());
    for (const auto& [series, value] : percents) EXPECT_GE(value, 300) << series;
  }
}

TEST_P(EndToEndVariant, NothingSoldIsZeroSeatsAndNoPercent) {
  start_once();
  const Exposition shown = started_with(R"({"zero_sold": true})");
  EXPECT_TRUE(is_up(shown));
  for (const char* name : {"licenses_sold", "licenses_deployed", "licenses_active",
                           "licenses_qualified", "partner_licenses_sold"}) {
    const auto found = shown.find(name);
    EXPECT_EQ(found.size(), before_.find(name).size()) << name;
    for (const auto& [series, value] : found) EXPECT_EQ(value, 0) << series;
  }
  for (const char* name : {"deployment_percent", "usage_percent", "partner_deployment_percent"})
    EXPECT_TRUE(shown.find(name).empty()) << name;
  // The classic usage of a partner is a percent without a count.
  EXPECT_EQ(shown.find("partner_usage_percent").empty(), commercial());
}

TEST_P(EndToEndVariant, AnswersWithoutRowsAreHeld) {
  start_polling();
  spell(R"({"empty_items": true})");
  const Exposition during = stage_.scrape_until([](const Exposition& e) {
    return std::ranges::all_of(
               kCollectors,
               [&](const char* collector) {
                 return e.value("partner_center_collector_suspect", {of_collector(collector)}) ==
                            1 &&
                        e.value("partner_center_collector_success", {of_collector(collector)}) == 0;
               }) &&
           !is_up(e);
  });
  EXPECT_EQ(insights_of(during), insights_of(before_));
  for (const char* collector : kCollectors) {
    EXPECT_GE(
        during.value("partner_center_collector_empty_answers_total", {of_collector(collector)}), 1);
  }
  spell_as_usual();
  const Exposition after = stage_.scrape_until([](const Exposition& e) {
    return is_up(e) && sum_of(e.find("partner_center_collector_suspect")) == 0;
  });
  EXPECT_EQ(insights_of(after), insights_of(before_));
}

TEST_P(EndToEndVariant, UnknownKeysAreSaidOnceAndWithoutTheirValues) {
  start_polling();
  spell(R"({"unknown_keys": true})");
  for (const char* const field : {"licensesForecast", "isPreview"}) {
    // In every row of several answers.
    stage_.scrape_until([&](const Exposition& e) {
      return std::ranges::all_of(kCollectors, [&](const std::string& collector) {
        const double times = e.value(
            "partner_center_schema_drift_total",
            {of_collector(collector), "kind=\"unknown\"", "field=\"" + std::string(field) + "\""});
        return times >= 3 * e.value("partner_center_collector_rows", {of_collector(collector)});
      });
    });
    EXPECT_EQ(stage_.times_said("field=" + std::string(field)), 4U) << stage_.exporter().output();
  }
  EXPECT_EQ(stage_.times_said("deep") + stage_.times_said("json"), 0U);
}

TEST_P(EndToEndVariant, ACustomerTheCommercialAnswersDoNotKnowKeepsItsRows) {
  start_polling();
  spell(R"({"without_customer": "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"})");
  const auto of_customers = [](const Exposition& e) {
    auto insights = insights_of(e);
    std::erase_if(insights, [](const auto& s) { return s.first.starts_with("partner_"); });
    return insights;
  };
  const double calls = stage_.simulator_counted("total");
  const Exposition during = stage_.scrape_until([&](const Exposition& e) {
    EXPECT_EQ(of_customers(e), of_customers(before_));
    const auto suspects = e.find("partner_center_collector_suspect_customers");
    return commercial() ? sum_of(suspects) == 2
                        : stage_.simulator_counted("total") > calls + 3 * 21;
  });
  EXPECT_EQ(during.value("partner_center_collector_suspect", {of_collector("customer_usage")}),
            commercial() ? 1 : 0);
  EXPECT_TRUE(is_up(during));

  stage_.start_exporter({.source = GetParam()});
  const Exposition fresh = stage_.first_round();
  EXPECT_EQ(fresh.find("licenses_sold", {kSeedCustomer}).empty(), commercial());
  EXPECT_EQ(fresh.find("partner_center_customer_info", {kSeedCustomer}).size(), 1U);
}

TEST_P(EndToEndVariant, LostRowsLeaveTheOldOnes) {
  start_polling();
  spell(R"({"drop_rows": true})");
  const auto of_all = [](const Exposition& e, auto&& wanted) {
    return !is_up(e) && std::ranges::all_of(kCollectors, [&](const char* collector) {
      return wanted(e.value("partner_center_collector_rows_difference", {of_collector(collector)}));
    });
  };
  const Exposition during = stage_.scrape_until([&](const Exposition& e) {
    if (commercial()) return of_all(e, [](double difference) { return difference > 0; });
    return e.value("partner_center_collector_suspect", {of_collector("partner_usage")}) == 1 &&
           e.value("partner_center_collector_suspect", {of_collector("customer_usage")}) == 1;
  });
  EXPECT_EQ(insights_of(during), insights_of(before_));
  if (!commercial()) return;

  // Not of the customer list, too: whoever two lists in a row do not name has left.
  stage_.add_fault(
      R"({"match": {"path_contains": "commercial"}, "fault": {"variant": {"drop_rows": 1}}})");
  spell_as_usual();
  const Exposition one = stage_.scrape_until([&](const Exposition& e) {
    return of_all(e, [](double difference) { return difference == 1; });
  });
  EXPECT_EQ(insights_of(one), insights_of(before_));
  stage_.clear_faults();
  const Exposition fresh = started_with(R"({"drop_rows": 1})");
  EXPECT_FALSE(is_up(fresh));
  EXPECT_TRUE(insights_of(fresh).empty());
}

TEST_P(EndToEndVariant, PercentsOfTwoDecimalsChangeNothingElse) {
  start_once();
  const Exposition shown = started_with(R"({"two_decimals": true})");
  const auto rounded = insights_of(shown);
  ASSERT_EQ(rounded.size(), insights_of(before_).size());
  std::size_t changed = 0;
  for (const auto& [series, value] : insights_of(before_)) {
    const bool percent = series.substr(0, series.find('{')).ends_with("_percent");
    const bool sent = percent && !commercial();
    EXPECT_EQ(rounded.at(series), sent ? std::round(value * 100) / 100 : value) << series;
    changed += rounded.at(series) == value ? 0 : 1;
  }
  EXPECT_EQ(changed > 0, !commercial());
}

// As a label's value; control characters become spaces there.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c == '\t' ? ' ' : c;
    }
  }
  return out;
}

TEST_P(EndToEndVariant, NamesArriveAsTheyAre) {
  stage_.start_simulator({"--customers=20"});
  stage_.start_exporter({.source = GetParam()});
  const Exposition shown = stage_.first_round();
  const auto estate = nlohmann::json::parse(
      ask(stage_.simulator_port(), {.path = "/_sim/estate?customers=1"}).body);
  std::size_t strange = 0;
  for (const auto& customer : estate.at("customers")) {
    const auto name = customer.at("name").get<std::string>();
    strange += name.find_first_of("\"\\\n") != std::string::npos ||
               std::ranges::any_of(name, [](char c) { return static_cast<signed char>(c) < 0; });
    const std::vector<std::string> labels{"customer=\"" + escaped(name) + "\",customer_id=\"" +
                                          customer.at("id").get<std::string>() + "\""};
    EXPECT_EQ(shown.find("licenses_sold", labels).size(), customer.at("products").size()) << name;
    EXPECT_EQ(shown.find("partner_center_customer_info", labels).size(), 1U) << name;
  }
  EXPECT_GE(strange, 8U);
}

}  // namespace
}  // namespace pce
