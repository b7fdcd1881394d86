#include "exporter/commands/transport_options.h"

#include "exporter/settings/secret_file.h"

namespace pce {

CurlTransport::Options transport_options(const NetworkSettings& network,
                                         const std::string& version) {
  CurlTransport::Options options{.version = version, .proxy = {.proxy = network.proxy}};
  if (network.proxy_credentials_file) {
    options.proxy.credentials = [file = *network.proxy_credentials_file] {
      return read_secret_file(file);
    };
  }
  if (network.ca_file) options.ca_file = network.ca_file->string();
  return options;
}

}  // namespace pce
