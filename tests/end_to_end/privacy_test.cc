// metrics.customer_label: with `hash` nobody finds a customer's name, domain or id in anything the
// daemon writes, and what the modes write does not mix.
#include <csignal>
#include <set>

#include "exporter/base/label.h"
#include "exporter/base/seal.h"
#include "exporter/polling/customer_naming.h"
#include "exporter/store/response_log.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"
#include "tests/support/unzip.h"

namespace pce {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kKey = "an-example-key-of-32-characters-or-more";
const std::string kOtherKey = "quite-another-example-key-just-as-long";

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

class EndToEndPrivacy : public testing::TestWithParam<const char*> {
 protected:
  std::filesystem::path kept() const { return stage_.folder() / "kept"; }

  // Names that are easily found, beside the hostile ones the simulator has.
  void start_simulator() {
    stage_.start_simulator({"--customers=12"});
    const json customers = stage_.simulator().customers();
    json edits = {{"rename", json::object()}};
    for (std::size_t i = 0; i < customers.size(); i += 3)
      edits["rename"][customers[i]["id"]] = "MARKER Customer " + std::to_string(i) + " Ltd";
    stage_.simulator().post("/_sim/estate", edits);
    for (const json& customer : stage_.simulator().customers()) {
      const std::string name = customer["name"];
      for (const std::string& text : {name, escaped_label(name), json(name).dump().substr(1)})
        traces_.insert(lower(text.ends_with('"') ? text.substr(0, text.size() - 1) : text));
      traces_.insert(lower(customer["id"]));
      ids_.push_back(lower(customer["id"]));
      names_.push_back(name);
    }
    traces_.insert("onmicrosoft.com");  // what all their domains end in
    ASSERT_GE(ids_.size(), 13U);
  }

  void start(const std::string& metrics, const std::string& key = kKey,
             const std::string& customers = {}) {
    stage_.write_file("customer.key", key + "\n", 0600);
    const auto config =
        stage_.write_config({.interval = "1s",
                             .stale_after = "1h",
                             .source = GetParam(),
                             .more = "limits:\n  requests_per_minute: 60000\nmetrics: {" + metrics +
                                     "}\n" + customers});
    stage_.start_exporter_with({"--config.file=" + config.string(),
                                "--web.listen-address=127.0.0.1:0", "--log.level=debug",
                                "--storage.path=" + kept().string()});
    ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
    ASSERT_NE(stage_.exporter().line_with("Kept answers are shown again", std::chrono::minutes(1)),
              "");
  }
  void end() {
    stage_.exporter().signal(SIGTERM);
    ASSERT_EQ(stage_.exporter().wait(), 0);
    stage_.exporter().wait_for_last_word();
  }
  void everything_is_read_and_kept() {
    const auto done = [&] {
      const Exposition now = stage_.scrape();
      return is_up(now) && now.value("partner_center_exporter_storage_waiting") == 0;
    };
    ASSERT_TRUE(eventually(done, std::chrono::minutes(1))) << stage_.exporter().output();
  }

  // What whoever reaches the process may read.
  std::string all_pages() {
    std::string seen;
    const auto note = [&](const WebAnswer& answer) {
      for (const auto& [name, value] : answer.headers) seen += name + ": " + value + "\n";
      const auto encoding = answer.headers.find("content-encoding");
      const bool zipped = encoding != answer.headers.end() && encoding->second == "gzip";
      seen += zipped ? unzip(answer.body) : answer.body;
    };
    for (const char* accept :
         {"text/plain;version=0.0.4", "application/openmetrics-text;version=1.0.0", "*/*"}) {
      for (const char* encoding : {"identity", "gzip"})
        note(stage_.get("/metrics", std::string("Accept: ") + accept +
                                        "\r\nAccept-Encoding: " + encoding + "\r\n"));
    }
    for (const std::string path :
         {"/", "/-/ready", "/-/healthy", "/nowhere", "/config", "/api/v1/status",
          "/api/v1/explain?customer=*", "/api/v1/explain?customer=Nobody",
          "/api/v1/explain?partner=nobody&customer=x", "/api/v1/explain",
          "/metrics?collect[]=customers", "/metrics?customer_id[]=zz", "/metrics?customer_id[]=0*"})
      note(stage_.get(path));
    // Who knows a customer is not told what it is called here.
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const WebAnswer by_id = stage_.get("/api/v1/explain?customer=" + ids_[i]);
      EXPECT_EQ(by_id.status, 404) << by_id.body;
      note(by_id);
      note(stage_.get("/metrics?customer_id[]=" + ids_[i]));
      note(stage_.get("/api/v1/explain?customer=MARKER*"));
    }
    const std::string proc = "/proc/" + std::to_string(stage_.exporter().pid());
    return seen + read_file(proc + "/cmdline") + read_file(proc + "/environ");
  }
  std::string all_files() const {
    std::string seen;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kept()))
      seen += entry.path().string() + "\n" + read_file(entry.path());
    return seen;
  }
  // The bodies in a copy, so that the folder stays as it was left.
  std::string kept_in_the_open() const {
    const auto copy = stage_.folder() / "copy";
    std::filesystem::copy(kept(), copy);
    ResponseLog::Found found;
    EXPECT_TRUE(ResponseLog::open(copy, WallTime{}, &found));
    std::string text;
    for (const StoredAnswer& answer : found.answers) {
      for (const PackedText& body : answer.bodies) text += unpack(body, 64U << 20U).value();
    }
    return text;
  }
  std::vector<std::string> found_in(const std::string& seen) const {
    const std::string text = lower(seen);
    std::vector<std::string> found;
    for (const std::string& trace : traces_) {
      const auto at = text.find(trace);
      if (at != std::string::npos)
        found.push_back(trace + " in: " + seen.substr(at < 150 ? 0 : at - 150, 400));
    }
    return found;
  }
  std::vector<StoredAnswer> kept_answers() const {
    ResponseLog::Found found;
    EXPECT_TRUE(ResponseLog::open(kept(), WallTime{}, &found));
    return std::move(found.answers);
  }
  std::set<std::string> pseudonyms(const std::string& key) const {
    const CustomerNaming naming = CustomerNaming::by_hash(Secret(key));
    std::set<std::string> all;
    for (const std::string& id : ids_) all.insert(naming.id_of(*TenantId::parse(id)).text());
    return all;
  }

  Stage stage_;
  std::set<std::string> traces_;
  std::vector<std::string> ids_, names_;
};

const std::string kHash = "customer_label: hash, customer_key_file: customer.key";

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

TEST_P(EndToEndPrivacy, ModesKeepTheNumbersAndDoNotMix) {
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

INSTANTIATE_TEST_SUITE_P(Source, EndToEndPrivacy, testing::Values("classic", "commercial"),
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
