#pragma once
// An exporter whose configuration file is written anew while it runs.
#include <string>
#include <vector>

#include "tests/end_to_end/stage.h"

namespace pce {

inline constexpr const char* kFirstTenant = "11111111-2222-3333-4444-555555555555";
inline constexpr const char* kOtherTenant = "22222222-2222-3333-4444-555555555555";

class ReloadStage {
 public:
  struct Account {
    std::string name = "contoso";
    std::string tenant = kFirstTenant;
    std::string more{};  // lines below it, indented by four
  };
  struct Config {
    std::vector<Account> accounts{Account{}};
    std::string interval = "1h";
    std::string source = "classic";
    std::string insights{};  // more lines of that section, indented by two
    std::string more{};      // more sections
    int requests_per_minute = 60000;
  };

  explicit ReloadStage(const std::vector<std::string>& simulator = {"--customers=3"});
  // Starts the exporter and waits for its first round.
  Exposition start(const Config& config, const std::vector<std::string>& flags = {});

  Stage& stage() { return stage_; }
  void write(const Config& config) const;
  void write_text(const std::string& text) const { stage_.write_file("exporter.yml", text); }
  // Again where another reload is going on.
  WebAnswer post(const std::string& headers = {}) const;
  // Writes and posts; a test failure when that is refused.
  void reload(const Config& config) const;

  // Of the simulator: all calls, and those for a token.
  double calls() const { return stage_.simulator_counted("total"); }
  double sign_ins() const { return stage_.simulator_counted("token_v2"); }

 private:
  Stage stage_;
};

std::string of_partner(const std::string& name);  // a label to look for
// What is shown of licences of one partner, by series.
std::map<std::string, double> insights_of_partner(const Exposition& exposition,
                                                  const std::string& name);

}  // namespace pce
