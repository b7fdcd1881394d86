// What metrics.customer_label changes, and what it does not; what the modes write does not mix.
#include "tests/end_to_end/privacy_stage.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using EndToEndPrivacyModes = EndToEndPrivacy;

TEST_P(EndToEndPrivacyModes, ModesKeepTheNumbersAndDoNotMix) {
  start_simulator();
  start("customer_label: name");
  everything_is_read_and_kept();
  const auto sum = [&] {
    double all = 0;
    for (const auto& [series, value] : stage_.scrape().find("licenses_sold")) all += value;
    return all;
  };
  const double sold = sum();
  const std::set<std::string> true_ids(ids_.begin(), ids_.end());
  const auto shown = [&] { return customers_in(stage_.scrape(), "licenses_sold"); };
  const std::set<std::string> with_name = shown();
  end();

  // Ids and names are made of the same answers, so nothing is asked anew.
  start("customer_label: id");
  const Exposition by_id = stage_.scrape();
  EXPECT_EQ(customers_in(by_id, "licenses_sold"), with_name);
  for (const auto& [series, value] : by_id.find("licenses_sold")) {
    const auto id = series.find("customer_id=\"");
    EXPECT_THAT(series, HasSubstr("customer=\"" + series.substr(id + 13, 36) + "\""));
  }
  for (const auto& [series, value] : by_id.find("partner_center_customer_info"))
    EXPECT_THAT(series, HasSubstr("domain=\"\""));
  for (const std::string& name : names_)
    EXPECT_THAT(stage_.get("/metrics").body + stage_.get("/api/v1/explain?customer=*").body,
                Not(HasSubstr(escaped_label(name))));
  EXPECT_EQ(sum(), sold);
  end();

  std::set<std::string> former = with_name;
  for (const std::string& key : {kKey, kOtherKey}) {
    start(kHash, key);
    EXPECT_EQ(stage_.times_said("under another metrics.customer_key_file"), 1U);
    everything_is_read_and_kept();
    const std::set<std::string> hashed = shown();
    EXPECT_EQ(hashed.size(), with_name.size());
    for (const std::string& id : hashed) {
      EXPECT_TRUE(pseudonyms(key).contains(id)) << id;
      EXPECT_FALSE(former.contains(id)) << id;
    }
    EXPECT_EQ(sum(), sold);
    const auto insights = insights_of(stage_.scrape());
    end();
    // The same key: the same labels, from what was kept, at once.
    start(kHash, key);
    EXPECT_EQ(stage_.times_said("under another metrics.customer_key_file"), 0U);
    EXPECT_GT(stage_.scrape().value("partner_center_exporter_storage_answers_restored"), 3);
    EXPECT_EQ(insights_of(stage_.scrape()), insights);
    end();
    former = hashed;
  }

  start("customer_label: name");
  everything_is_read_and_kept();
  EXPECT_EQ(shown(), with_name);
  EXPECT_EQ(sum(), sold);
  end();
  for (const StoredAnswer& answer : kept_answers()) {
    EXPECT_TRUE(answer.customer.empty() || true_ids.contains(answer.customer)) << answer.customer;
    for (const PackedText& body : answer.bodies) EXPECT_FALSE(is_sealed(body.deflated));
  }
}

// Whoever has the secrets can ask who is who, in either direction.
TEST_P(EndToEndPrivacyModes, DoctorTellsWhichIsWhich) {
  start_simulator();
  start(kHash);
  everything_is_read_and_kept();
  const std::string id = ids_.at(0);
  const std::string pseudonym(
      CustomerNaming::by_hash(Secret(kKey)).id_of(*TenantId::parse(id)).text());
  for (const std::string& asked : {pseudonym, id, names_.at(0)}) {
    const Finished doctor = run_program(
        {binary_dir() / "partner_center_exporter", "doctor",
         "--config.file=" + (stage_.folder() / "exporter.yml").string(), "--customer=" + asked});
    EXPECT_EQ(doctor.status, 0) << doctor.output;
    EXPECT_THAT(doctor.output, HasSubstr(names_.at(0) + ", " + id + ", shown as " + pseudonym));
    EXPECT_THAT(doctor.output,
                HasSubstr("customer=\"" + pseudonym + "\",customer_id=\"" + pseudonym + "\""));
  }
  const Finished explain =
      run_program({binary_dir() / "partner_center_exporter", "explain", pseudonym,
                   "--exporter.url=http://127.0.0.1:" + std::to_string(stage_.exporter_port())});
  EXPECT_EQ(explain.status, 0) << explain.output;
  EXPECT_THAT(explain.output, HasSubstr("series from"));
  EXPECT_THAT(found_in(explain.output), IsEmpty());
}

TEST_P(EndToEndPrivacyModes, AReloadJudgesByTrueNamesAndKeepsTheKey) {
  start_simulator();
  start(kHash);
  everything_is_read_and_kept();
  const std::string pseudonym(
      CustomerNaming::by_hash(Secret(kKey)).id_of(*TenantId::parse(ids_.at(0))).text());
  const auto shown = [&] { return customers_in(stage_.scrape(), "licenses_sold"); };
  ASSERT_TRUE(shown().contains(pseudonym));
  const auto config = stage_.folder() / "exporter.yml";
  const std::string before = read_file(config);
  stage_.write_file("exporter.yml", before + "customers: {exclude: [\"" + names_.at(0) + "\"]}\n");
  stage_.exporter().signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return !shown().contains(pseudonym); }));
  EXPECT_EQ(shown().size(), ids_.size() - 1);
  stage_.write_file("customer.key", kOtherKey + "\n", 0600);
  stage_.exporter().signal(SIGHUP);
  EXPECT_NE(stage_.exporter().line_with("metrics.customer_key_file: a reload cannot change it"),
            "");
  EXPECT_THAT(found_in(stage_.exporter().output() + all_pages()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Source, EndToEndPrivacyModes, kEachSource,
                         [](const auto& source) { return std::string(source.param); });

TEST(EndToEndCustomerKey, IsWantedWithHash) {
  Stage stage;
  const auto refusal = [&](const std::string& metrics) {
    const auto config = stage.write_config({.more = "metrics: {" + metrics + "}\n", .api_port = 1});
    const Finished ended =
        run_program({binary_dir() / "partner_center_exporter", "--config.file=" + config.string()});
    EXPECT_EQ(ended.status, 2);
    return ended.output;
  };
  EXPECT_THAT(refusal("customer_label: hash"), HasSubstr("without customer_key_file"));
  EXPECT_THAT(refusal(kHash), HasSubstr("openssl rand -hex 32"));
  stage.write_file("customer.key", "MARKER-too-short\n", 0600);
  const std::string too_short = refusal(kHash);
  EXPECT_THAT(too_short, HasSubstr("at least 32 characters"));
  EXPECT_THAT(too_short, Not(HasSubstr("MARKER")));
  stage.write_file("customer.key", kKey + "\n", 0644);
  EXPECT_THAT(refusal(kHash), HasSubstr("chmod 600"));
}

}  // namespace
}  // namespace pce
