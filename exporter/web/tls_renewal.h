#pragma once
// Certificates and keys that are replaced while we run: new connections get the newest ones that
// can be used.
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "exporter/base/result.h"
#include "exporter/web/tls_credentials.h"
#include "exporter/web/tls_settings.h"

namespace pce {

// Any thread.
class TlsRenewal {
 public:
  // `told` hears of each change of the files: done, or why what was there before stays in use.
  // `config_file`: the configuration, for messages.
  using Told = std::function<void(const Status&)>;
  TlsRenewal(TlsSettings settings, std::shared_ptr<const TlsCredentials> first,
             std::string config_file, Told told);

  // From now on these, of another configuration.
  void adopt(TlsSettings settings, std::shared_ptr<const TlsCredentials> credentials);

  // For one new connection, which keeps them as long as it lasts. Looks at the files, and reads
  // them where one has changed.
  std::shared_ptr<const TlsCredentials> current();

 private:
  std::string stamps() const;

  const std::string config_file_;
  const Told told_;
  std::mutex mutex_;
  TlsSettings settings_;
  std::shared_ptr<const TlsCredentials> credentials_;
  std::string stamps_;
};

}  // namespace pce
