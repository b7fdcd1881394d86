#include "exporter/commands/explain.h"

#include <stop_token>
#include <string>

#include "exporter/commands/explain_text.h"
#include "exporter/commands/own_pages.h"
#include "exporter/identity/form.h"
#include "exporter/json/json_document.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(10);
constexpr std::size_t kBodyBytesMax = 4UL * 1024 * 1024;

std::string question_of(const CommandLine& command_line) {
  std::string url = command_line.exporter_url +
                    "/api/v1/explain?customer=" + percent_encoded(command_line.customer);
  if (!command_line.account.empty()) url += "&partner=" + percent_encoded(command_line.account);
  return url;
}

void complain(std::FILE* complaints, const std::string& text) {
  std::fprintf(complaints, "partner_center_exporter: %s\n", text.c_str());
}

}  // namespace

int explain(const CommandLine& command_line) {
  auto options = own_pages_options(command_line);
  if (!options) {
    complain(stderr, options.error().message);
    return 2;
  }
  CurlTransport transport(*std::move(options));
  Terminal terminal;
  return explain(command_line, transport, terminal, stderr);
}

int explain(const CommandLine& command_line, Transport& transport, Terminal& terminal,
            std::FILE* complaints) {
  const std::string where = in_quotes(command_line.exporter_url);
  terminal.progress("Asking the exporter at " + where + " …");
  const auto answer = transport.send(
      {.url = question_of(command_line), .timeout = kPatience, .body_bytes_max = kBodyBytesMax},
      std::stop_token());
  terminal.progress({});
  if (!answer) {
    complain(complaints, "the exporter at " + where +
                             " cannot be asked: " + answer.error().message +
                             "; is it running? --exporter.url says where it is");
    return 1;
  }
  if (answer->status == 401) {
    complain(complaints, "the exporter at " + where + " wants a password" + advice_about(*answer));
    return 1;
  }
  const auto document = parse_json(answer->body);
  const bool good = document && answer->status == 200 && document->find("customers") != nullptr;
  const bool nobody = document && answer->status == 404 && document->find("nearest") != nullptr;
  const bool refused = document && answer->status == 400 && !document->text_of("error").empty();
  if (refused) {
    complain(complaints, harmless(document->text_of("error")));
    return 2;
  }
  if (!good && !nobody) {
    complain(complaints, "what answers at " + where + " (HTTP " + std::to_string(answer->status) +
                             ") is no exporter that can explain; --exporter.url says where it is");
    return 1;
  }
  if (command_line.output == CommandLine::Output::kJson) {
    terminal.print(answer->body);
  } else if (good) {
    terminal.print(explain_text(*document, [&](Colour colour, std::string_view text) {
      return terminal.coloured(colour, text);
    }));
  } else {
    terminal.print(nobody_text(*document, command_line.customer));
  }
  return good ? 0 : 1;
}

}  // namespace pce
