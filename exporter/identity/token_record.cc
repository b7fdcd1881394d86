#include "exporter/identity/token_record.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "exporter/base/utc_text.h"
#include "exporter/json/json_document.h"
#include "exporter/json/json_writer.h"

namespace pce {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::string_view kBlank = " \t\r\n";

Error complaint(std::string message) {
  return {.kind = ErrorKind::kSettings, .message = std::move(message)};
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string_view without_blanks_behind(std::string_view text) {
  const auto last = text.find_last_not_of(kBlank);
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

Result<std::optional<ClientType>> client_type_of(const JsonDocument& document) {
  const JsonValue* said = document.find("client_type");
  if (said == nullptr || said->is_null()) return std::optional<ClientType>();
  for (const ClientType type : {ClientType::kPublic, ClientType::kConfidential}) {
    if (said->text() == name_of(type)) return std::optional(type);
  }
  return complaint("its \"client_type\" is neither \"public\" nor \"confidential\"");
}

Result<TokenRecord> parse_object(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return complaint(document.error().message);
  if (const JsonValue* version = document->find("version")) {
    const auto number = version->integer();
    if (!number || *number < 1) return complaint("its \"version\" is not a number from 1 on");
    if (*number > kVersion) {
      return complaint("was written by a newer release (version " + std::to_string(*number) +
                       ", wanted " + std::to_string(kVersion) +
                       "): run that release, or sign in again into another file");
    }
  }
  const std::string_view token = document->text_of("refresh_token");
  if (token.empty()) return complaint("has no member \"refresh_token\" with text in it");
  if (!is_token(token)) return complaint("its \"refresh_token\" holds what no token does");
  const auto client_type = client_type_of(*document);
  if (!client_type) return client_type.error();

  const std::string_view previous = document->text_of("previous_refresh_token");
  const auto text_of = [&](std::string_view key) { return std::string(document->text_of(key)); };
  TokenRecord record{.refresh_token = Secret(std::string(token)),
                     .previous = Secret(is_token(previous) ? std::string(previous) : ""),
                     .authority = text_of("authority"),
                     .tenant_id = text_of("tenant_id"),
                     .client_id = text_of("client_id"),
                     .client_type = *client_type,
                     .scope = text_of("scope"),
                     .flow = text_of("flow"),
                     .user = text_of("upn"),
                     .signed_in_at = read_utc_text(document->text_of("signed_in_at")),
                     .rotated_at = read_utc_text(document->text_of("rotated_at"))};
  if (const JsonValue* methods = document->find("amr")) {
    for (const JsonValue& method : methods->items()) {
      if (!method.text().empty()) record.methods.emplace_back(method.text());
    }
  }
  return record;
}

}  // namespace

const char* name_of(ClientType type) {
  return type == ClientType::kPublic ? "public" : "confidential";
}

Result<TokenRecord> parse_token_record(const Secret& content) {
  const std::string_view text = without_blanks_behind(content.reveal());
  if (text.empty()) return complaint("is empty, wanted a refresh token");
  if (const auto first = text.find_first_not_of(kBlank); text[first] == '{')
    return parse_object(text);
  if (!is_token(text))
    return complaint("does not hold one refresh token on one line, or a JSON object with one");
  return TokenRecord{.refresh_token = Secret(std::string(text))};
}

bool is_of_newer_release(const Secret& content) {
  const auto document = parse_json(content.reveal());
  const JsonValue* version = document ? document->find("version") : nullptr;
  return version != nullptr && version->integer().value_or(0) > kVersion;
}

Secret token_record_text(const TokenRecord& record) {
  JsonWriter json(JsonWriter::Style::kLines);
  json.reserve(4096 + 2 * (record.refresh_token.reveal().size() + record.previous.reveal().size() +
                           record.scope.size()));  // no growth that leaves copies behind
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) json.member(key, value);
  };
  const auto add_time = [&](std::string_view key, const std::optional<WallTime>& time) {
    if (time) json.member(key, utc_text(*time));
  };
  json.begin_object().key("version").integer(kVersion);
  add("authority", record.authority);
  add("tenant_id", record.tenant_id);
  add("client_id", record.client_id);
  if (record.client_type) add("client_type", name_of(*record.client_type));
  add("scope", record.scope);
  add("refresh_token", record.refresh_token.reveal());
  add("previous_refresh_token", record.previous.reveal());
  add_time("signed_in_at", record.signed_in_at);
  add_time("rotated_at", record.rotated_at);
  add("flow", record.flow);
  if (!record.methods.empty()) {
    json.key("amr").begin_array();
    for (const std::string& method : record.methods) json.text(method);
    json.end_array();
  }
  add("upn", record.user);
  json.end_object();
  return Secret(json.take());
}

}  // namespace pce
