// With `metrics.customer_label: hash` nobody finds a customer's name, domain or id in anything the
// daemon writes.
#include "tests/end_to_end/privacy_stage.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_P(EndToEndPrivacy, WithHashNoCustomerIsFoundInAnythingWritten) {
  start_simulator();
  // A folder from a time when names were shown; its log is not closed properly either.
  start("customer_label: name");
  everything_is_read_and_kept();
  EXPECT_THAT(found_in(stage_.get("/metrics").body), Not(IsEmpty())) << "the search finds nothing";
  stage_.exporter().signal(SIGKILL);
  ASSERT_TRUE(stage_.exporter().wait());
  EXPECT_THAT(found_in(kept_in_the_open()), Not(IsEmpty()));

  start(kHash, kKey, "customers:\n  exclude: [\"" + names_.at(3) + "\", \"" + ids_.at(4) + "\"]\n");
  everything_is_read_and_kept();
  std::string seen = all_pages() + all_files();
  EXPECT_THAT(seen, HasSubstr("Left out by customers.exclude: an entry in line"));
  const auto shown = customers_in(stage_.scrape(), "partner_center_customer_info");
  EXPECT_EQ(shown.size(), ids_.size() - 2);
  for (const std::string& id : shown) EXPECT_TRUE(pseudonyms(kKey).contains(id)) << id;

  // What goes wrong is told in words of whoever refuses.
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string words = "Nothing is known of " + names_.at(i) + " (" + ids_.at(i) + ")";
    const std::string body = json({{"code", 60003}, {"description", words}}).dump();
    const std::string worse = json({{"error", words}}).dump();
    const std::string path = ids_.at(i) + "/analytics";
    stage_.simulator().add_fault(
        {{"match", {{"path_contains", path}}},
         {"fault", {{"status", i == 0 ? 404 : 400}, {"body", i == 2 ? worse : body}}}});
  }
  stage_.simulator().add_fault(
      {{"match", {{"path_contains", "/v1/analytics/"}}},
       {"fault",
        {{"status", 500}, {"body", json({{"code", "500"}, {"message", names_.at(0)}}).dump()}}}});
  stage_.scrape_until([](const Exposition& e) { return !is_up(e); });
  ASSERT_TRUE(eventually([&] { return stage_.times_said("Reading failed") > 3; }));
  seen += all_pages() + all_files();
  stage_.clear_faults();
  const std::string about_one = json({{"code", 3000}, {"description", names_.at(0)}}).dump();
  stage_.simulator().add_fault(
      {{"match", {{"operation", "customers"}}}, {"fault", {{"status", 400}, {"body", about_one}}}});
  ASSERT_TRUE(eventually([&] { return stage_.times_said("customer list, page 1") > 0; }))
      << stage_.exporter().output();
  seen += all_pages();
  end();
  seen += all_files() + stage_.exporter().output();
  EXPECT_GT(seen.size(), 50'000U);
  EXPECT_THAT(found_in(seen), IsEmpty());
  for (const StoredAnswer& answer : kept_answers()) {
    EXPECT_FALSE(answer.bodies.empty()) << answer.collector;
    for (const PackedText& body : answer.bodies) EXPECT_TRUE(is_sealed(body.deflated));
  }
}

INSTANTIATE_TEST_SUITE_P(Source, EndToEndPrivacy, kEachSource,
                         [](const auto& source) { return std::string(source.param); });

}  // namespace
}  // namespace pce
