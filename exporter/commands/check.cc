#include "exporter/commands/check.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>
#include <vector>

#include "exporter/commands/credential_check.h"
#include "exporter/commands/terminal.h"
#include "exporter/json/json_writer.h"
#include "exporter/settings/doubts.h"
#include "exporter/settings/duration.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

const char* text_of(InsightSource source) {
  switch (source) {
    case InsightSource::kAuto:
      return "auto: the commercial bulk reports, the classic insights where those do not serve";
    case InsightSource::kCommercial:
      return "commercial: the bulk reports";
    case InsightSource::kClassic:
      return "classic: the insights of each customer";
  }
  return "";
}

std::string customers_text(const Settings& settings) {
  if (settings.customers_include.empty() && settings.customers_exclude.empty()) return "all";
  std::string text = settings.customers_include.empty()
                         ? "all"
                         : "those of " + std::to_string(settings.customers_include.size()) +
                               " in customers.include";
  if (!settings.customers_exclude.empty())
    text += ", without those of " + std::to_string(settings.customers_exclude.size()) +
            " in customers.exclude";
  return text;
}

std::string verdict(const Settings& settings) {
  std::vector<std::string> accounts;
  std::vector<std::string> files;
  for (const AccountSettings& account : settings.accounts) {
    accounts.push_back(account.name + " at " + account.endpoints.api);
    for (const auto& file :
         {account.credential.client_secret_file, account.credential.client_certificate_file,
          account.credential.client_key_file, account.credential.client_certificate_password_file,
          account.credential.federated_token_file, std::optional(account.refresh_token_file),
          account.network.proxy_credentials_file, account.network.ca_file}) {
      if (file) files.push_back(path_text(*file));
    }
  }
  return "  accounts    " + joined(accounts) + "\n  collectors  " + joined(settings.collectors) +
         "\n  interval    " + duration_text(settings.interval) + ", samples go away after " +
         duration_text(settings.stale_after) + "\n  source      " + text_of(settings.source) +
         "\n  customers   " + customers_text(settings) + "\n  files       " + joined(files) + "\n";
}

std::vector<SettingDoubt> all_doubts_about(const Settings& settings) {
  std::vector<SettingDoubt> doubts = check_credentials(settings, SystemClock().wall()).doubts;
  std::ranges::move(doubts_about(settings), std::back_inserter(doubts));
  return doubts;
}

void write_mistakes(JsonWriter& json, std::string_view key,
                    const std::vector<SettingMistake>& mistakes) {
  json.key(key).begin_array();
  for (const SettingMistake& mistake : mistakes) {
    json.begin_object();
    if (mistake.place) {
      json.key("line").integer(mistake.place->line);
      json.key("column").integer(mistake.place->column);
    }
    if (!mistake.path.empty()) json.member("path", mistake.path);
    json.member("message", mistake.message);
    if (!mistake.suggestion.empty()) json.member("suggestion", mistake.suggestion);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string check_text(const std::string& file, const SettingsReading& reading) {
  std::string text;
  if (!reading.settings) {
    for (const SettingMistake& mistake : reading.mistakes)
      text += mistake_text(file, mistake) + "\n";
    return text + file + ": " + counted(reading.mistakes.size(), "mistake") + "\n";
  }
  const Settings& settings = *reading.settings;
  text = file + ": fine (" + counted(settings.accounts.size(), "account") + ")\n";
  text += verdict(settings);
  const auto doubts = all_doubts_about(settings);
  for (const SettingDoubt& doubt : doubts)
    text += file + ": " + doubt.path + ": " + doubt.message + "\n";
  if (!doubts.empty()) text += file + ": " + counted(doubts.size(), "warning") + "\n";
  return text;
}

std::string check_web_text(const WebCheck& web) {
  std::string text;
  for (const SettingMistake& mistake : web.reading.mistakes)
    text += mistake_text(web.file, mistake) + "\n";
  if (!web.reading.config)
    return text + web.file + ": " + counted(web.reading.mistakes.size(), "mistake") + "\n";
  text += web.file + ": fine\n";
  for (const SettingMistake& doubt : web.reading.doubts)
    text += mistake_text(web.file, doubt) + "\n";
  if (!web.reading.doubts.empty())
    text += web.file + ": " + counted(web.reading.doubts.size(), "warning") + "\n";
  return text;
}

std::string check_json(const std::string& file, const SettingsReading& reading,
                       const WebCheck& web) {
  JsonWriter json(JsonWriter::Style::kLines);
  json.begin_object().member("file", file);
  json.key("ok").boolean(reading.settings.has_value());
  write_mistakes(json, "errors", reading.mistakes);
  json.key("warnings").begin_array();
  if (reading.settings) {
    for (const SettingDoubt& doubt : all_doubts_about(*reading.settings)) {
      json.begin_object().member("path", doubt.path).member("message", doubt.message).end_object();
    }
  }
  json.end_array();
  if (!web.file.empty()) {
    json.key("web_config").begin_object().member("file", web.file);
    json.key("ok").boolean(web.reading.config.has_value());
    write_mistakes(json, "errors", web.reading.mistakes);
    write_mistakes(json, "warnings", web.reading.doubts);
    json.end_object();
  }
  json.end_object();
  return json.take();
}

int check(const CommandLine& command_line) {
  const std::string file = path_text(command_line.config_file);
  SettingsReading reading = read_settings(command_line.config_file);
  if (reading.settings) {
    auto unusable = check_credentials(*reading.settings, SystemClock().wall()).mistakes;
    if (!unusable.empty()) reading = {.mistakes = std::move(unusable)};
  }
  WebCheck web;
  if (command_line.web_config_file) {
    web = {.file = path_text(*command_line.web_config_file),
           .reading = read_web_config(*command_line.web_config_file, SystemClock().wall())};
  }
  const bool web_good = web.file.empty() || web.reading.config.has_value();
  const bool good = reading.settings.has_value();
  if (command_line.output == CommandLine::Output::kJson) {
    Terminal().print(check_json(file, reading, web));
  } else {
    Terminal(good ? stdout : stderr).print(check_text(file, reading));
    if (!web.file.empty()) Terminal(web_good ? stdout : stderr).print(check_web_text(web));
  }
  return good && web_good ? 0 : 2;
}

}  // namespace pce
