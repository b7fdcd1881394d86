#include "exporter/web/tls_renewal.h"

#include <utility>

#include "exporter/base/file_stamp.h"

namespace pce {

TlsRenewal::TlsRenewal(TlsSettings settings, std::shared_ptr<const TlsCredentials> first,
                       std::string config_file, Told told)
    : config_file_(std::move(config_file)),
      told_(std::move(told)),
      settings_(std::move(settings)),
      credentials_(std::move(first)),
      stamps_(stamps()) {}

void TlsRenewal::adopt(TlsSettings settings, std::shared_ptr<const TlsCredentials> credentials) {
  const std::scoped_lock lock(mutex_);
  settings_ = std::move(settings);
  credentials_ = std::move(credentials);
  // They may have changed since these were read: the next connection reads them once more.
  stamps_.clear();
}

std::string TlsRenewal::stamps() const {
  std::string all;
  const auto add = [&](const PemSource& source) {
    if (!source.file.empty()) all += file_stamp(source.file) + "\n";
  };
  add(settings_.certificate);
  add(settings_.key);
  if (settings_.client_ca) add(*settings_.client_ca);
  return all;
}

std::shared_ptr<const TlsCredentials> TlsRenewal::current() {
  const std::scoped_lock lock(mutex_);
  // Before the files are read: what changes in between changes the stamps once more.
  std::string now = stamps();
  if (now == stamps_) return credentials_;
  stamps_ = std::move(now);
  SettingComplaints complaints;
  auto fresh = TlsCredentials::load(settings_, complaints);
  if (fresh) {
    credentials_ = std::move(fresh);
    told_(Done{});
  } else {
    told_(settings_error(config_file_, complaints.in_order()));
  }
  return credentials_;
}

}  // namespace pce
