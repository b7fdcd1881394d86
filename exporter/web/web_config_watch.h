#pragma once
// A web configuration that is changed while we run: connections and requests get the newest one
// that can be used, as exporter-toolkit has it.
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/settings/mistake.h"
#include "exporter/web/doorkeeper.h"
#include "exporter/web/tls_renewal.h"

namespace pce {

// Any thread.
class WebConfigWatch {
 public:
  struct Parts {
    std::shared_ptr<Doorkeeper> doorkeeper;
    std::shared_ptr<TlsRenewal> tls;  // null: plain HTTP
  };
  // Hears of each change: its doubts, or why the configuration of before stays in use.
  using Told = std::function<void(const Result<std::vector<SettingMistake>>&)>;
  // `stamp`: file_stamp() of `file` before the parts were made of it. Borrows `clock`.
  WebConfigWatch(std::filesystem::path file, std::string stamp, Parts parts, const Clock& clock,
                 Told told);

  // Looks at the file, and where it has changed reads it and passes it on. TLS cannot be turned on
  // or off so.
  void look();

 private:
  const std::filesystem::path file_;
  const Parts parts_;
  const Clock& clock_;
  const Told told_;
  std::mutex mutex_;
  std::string stamp_;
};

}  // namespace pce
