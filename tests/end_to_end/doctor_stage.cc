#include "tests/end_to_end/doctor_stage.h"

#include <algorithm>
#include <regex>

#include <nlohmann/json.hpp>

#include "tests/support/golden.h"

namespace pce {
namespace {

// What the JSON says must stand in the text, step by step and in its order.
void expect_same(const std::string& json, const std::string& text, bool ok) {
  const auto report = nlohmann::json::parse(json);
  EXPECT_EQ(report.at("ok").get<bool>(), ok);
  std::size_t at = 0;
  const auto find_next = [&](const std::string& words) {
    const auto found = text.find(words, at);
    EXPECT_NE(found, std::string::npos) << words;
    if (found != std::string::npos) at = found + words.size();
  };
  for (const auto& account : report.at("accounts")) {
    find_next(account.at("name").get<std::string>() + "\n");
    EXPECT_EQ(account.at("steps").size(), 10U);
    for (const auto& step : account.at("steps")) {
      const std::string verdict = step.at("verdict");
      const std::string fix = step.at("fix");
      find_next("  " + verdict);
      std::string name = step.at("step");
      std::ranges::replace(name, '_', ' ');
      find_next(name);
      find_next(step.at("detail"));
      if (!fix.empty()) find_next("to do: " + fix + "\n");
      EXPECT_EQ(fix.empty(), verdict == "ok" || verdict == "skipped") << step;
      EXPECT_GE(step.at("seconds").get<double>(), 0);
      for (const auto& line : step.value("lines", nlohmann::json::array())) find_next(line);
    }
  }
}

}  // namespace

DoctorStage::DoctorStage(const std::vector<std::string>& simulator) {
  stage_.start_simulator(simulator);
  stage_.write_file("contoso.secret", std::string(kDoctorSecret) + "\n", 0600);
  stage_.write_file("proxy.secret", std::string(kDoctorProxySecret) + "\n", 0600);
}

Finished DoctorStage::run(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = through;
  argv.insert(argv.end(), {binary_dir() / "partner_center_exporter", "doctor",
                           "--config.file=" + stage_.write_config(choices).string()});
  prepare();
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  Finished ended = run_program(argv);
  // Tokens of the simulator begin so, or with a head that reads {"… in base64url.
  for (const char* secret : {"MARKER", "TUFSS0VS", "Bearer", "SIM-", "eyJ"})
    EXPECT_EQ(ended.output.find(secret), std::string::npos) << ended.output;
  EXPECT_EQ(ended.output.find('\x1B'), std::string::npos) << "colours without a terminal";
  return ended;
}

std::string DoctorStage::comparable(std::string text) const {
  const std::string folder = stage_.folder().string();
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
    text.replace(at, folder.size(), "FOLDER");
  const std::pair<const char*, const char*> placeholders[] = {
      {"[ 0-9]{3}\\.[0-9]{3} s", "   TIME s"},
      {"127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT"},
      {"127\\.0\\.0\\.1 port [0-9]+", "127.0.0.1 port PORT"},
      {"until 20[0-9-]{8}", "until DATE"},
      {"(correlation|trace) id [0-9a-f-]{36}", "$1 id ID"},
      {"(ends|expired) on 20[0-9-]{8}", "$1 on DATE"},
      {"for [0-9]+ more days", "for N more days"},
      {"after [0-9]+ ms", "after N ms"},
  };
  for (const auto& [pattern, placeholder] : placeholders)
    text = std::regex_replace(text, std::regex(pattern), placeholder);
  return text;
}

void DoctorStage::expect(const std::string& name, int status,
                         const std::vector<std::string>& arguments) {
  SCOPED_TRACE(name);
  const Finished text = run(arguments);
  EXPECT_EQ(text.status, status) << text.output;
  const std::string found = comparable(text.output);
  expect_golden("doctor/" + name + ".txt", found);
  if (status == 2) return;

  std::vector<std::string> as_json = arguments;
  as_json.emplace_back("--output=json");
  const Finished json = run(as_json);
  EXPECT_EQ(json.status, status) << json.output;
  ASSERT_TRUE(nlohmann::json::accept(json.output)) << json.output;
  // Ports of refused connections and ids differ from run to run.
  expect_same(comparable(json.output), found, status == 0);
}

}  // namespace pce
