#include "exporter/commands/healthcheck.h"

#include <cstdio>
#include <stop_token>
#include <string>

#include "exporter/commands/own_pages.h"
#include "exporter/commands/terminal.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(5);
constexpr std::size_t kBodyBytesMax = 64UL * 1024;

int unhealthy(const CommandLine& command_line, const std::string& why) {
  std::fprintf(stderr, "partner_center_exporter: the exporter at %s %s\n",
               in_quotes(command_line.exporter_url).c_str(), why.c_str());
  return 1;
}

}  // namespace

int healthcheck(const CommandLine& command_line) {
  auto options = own_pages_options(command_line);
  if (!options) return unhealthy(command_line, "cannot be asked: " + options.error().message);
  CurlTransport transport(*std::move(options));
  const auto answer = transport.send({.url = command_line.exporter_url + "/-/healthy",
                                      .timeout = kPatience,
                                      .body_bytes_max = kBodyBytesMax},
                                     std::stop_token());
  if (!answer)
    return unhealthy(command_line, "cannot be asked: " + answer.error().message +
                                       "; --exporter.url says where it is, https:// with TLS");
  if (answer->status != 200)
    return unhealthy(command_line, "answers HTTP " + std::to_string(answer->status) + ": " +
                                       harmless(answer->body) + advice_about(*answer));
  return 0;
}

}  // namespace pce
