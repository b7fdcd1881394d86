#pragma once
// Two partner tenants and an exporter that reads them, in good days and in bad ones: what the
// status page is tried with, and drawn with.
#include <cstddef>
#include <string>

#include "tests/end_to_end/stage.h"

namespace pce {

class StatusScene {
 public:
  // All is well, and every collector has so many rounds behind it.
  explicit StatusScene(std::size_t rounds = 1);

  // Contoso fails here and is throttled there, and its answers have unknown fields; Fabrikam has to
  // sign in again. Returns when the exporter says so.
  void break_everything();
  // A customer of Contoso is called this from now on; returns when the exporter says so.
  void rename(const std::string& id, const std::string& name);

  Stage& stage() { return stage_; }
  std::string address(const std::string& path = "/") const;
  nlohmann::json status() const;                             // what /api/v1/status says
  nlohmann::json account(const std::string& partner) const;  // of it

 private:
  Upstream contoso_{{"--customers=24", "--seed=1"}};
  Upstream fabrikam_{{"--customers=17", "--seed=7"}};
  Stage stage_;
};

}  // namespace pce
