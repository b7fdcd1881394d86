#include "exporter/commands/own_pages.h"

#include <utility>

#include "exporter/commands/version.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/secret_file.h"

namespace pce {

Result<CurlTransport::Options> own_pages_options(const CommandLine& command_line) {
  CurlTransport::Options options{.version = build_info().version,
                                 .ca_file = command_line.exporter_ca_file,
                                 .certificate_file = command_line.exporter_cert_file,
                                 .key_file = command_line.exporter_key_file};
  if (command_line.exporter_login_file.empty()) return options;
  auto login = read_secret_file(command_line.exporter_login_file);
  if (!login) return login.error();
  if (login->reveal().find(':') == std::string_view::npos) {
    return Error{.kind = ErrorKind::kSettings,
                 .message = path_text(command_line.exporter_login_file) +
                            ": there is no colon in it, wanted NAME:PASSWORD"};
  }
  options.login = *std::move(login);
  return options;
}

std::string advice_about(const HttpResponse& answer) {
  return answer.status == 401 ? "; --exporter.login-file names a file with NAME:PASSWORD" : "";
}

}  // namespace pce
