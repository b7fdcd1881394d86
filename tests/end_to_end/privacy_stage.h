#pragma once
// A daemon under each metrics.customer_label in turn, over one folder, and a search of all it
// writes.
#include <csignal>
#include <set>
#include <string>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/base/seal.h"
#include "exporter/polling/customer_naming.h"
#include "exporter/store/response_log.h"
#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"
#include "tests/support/unzip.h"

namespace pce {

using nlohmann::json;

inline const std::string kKey = "an-example-key-of-32-characters-or-more";
inline const std::string kHash = "customer_label: hash, customer_key_file: customer.key";
inline const std::string kOtherKey = "quite-another-example-key-just-as-long";

inline std::string lower(std::string text) {
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
    for (const std::string& id : ids_) all.emplace(naming.id_of(*TenantId::parse(id)).text());
    return all;
  }

  Stage stage_;
  std::set<std::string> traces_;
  std::vector<std::string> ids_, names_;
};

inline const auto kEachSource = testing::Values("classic", "commercial");

}  // namespace pce
