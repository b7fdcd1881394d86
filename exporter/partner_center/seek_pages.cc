#include "exporter/partner_center/seek_pages.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "exporter/base/foreign_text.h"
#include "exporter/partner_center/own_address.h"

namespace pce {
namespace {

struct Page {
  std::string path;
  std::vector<Header> headers;
};

Error malformed(std::string message) {
  return {.kind = ErrorKind::kMalformed, .message = std::move(message)};
}

bool same_ignoring_case(std::string_view a, std::string_view b) { return same_header_name(a, b); }

// The path and query below our API base that `uri` names, if it is a page of `wanted`. Seen:
// "/customers?…", "/v1/customers?…", with a doubled slash, and whole addresses. nullopt: anywhere
// else.
std::optional<std::string> own_path(std::string_view uri, const std::string& wanted,
                                    std::string_view api_base) {
  const auto below = below_api_base(uri, api_base);
  if (!below) return std::nullopt;
  const auto query_at = std::min(below->find('?'), below->size());
  std::string path = plain_path(below->substr(0, query_at));
  if (!path.starts_with("/v1/")) path.insert(0, "/v1");
  const auto query = sendable_query(below->substr(query_at));
  if (path != wanted || !query) return std::nullopt;
  return path.append(*query);
}

// Headers that decide where a request goes, who it is from or how it is framed are not a page's to
// set.
bool may_be_set(std::string_view name) {
  static constexpr std::array<std::string_view, 13> kOurs{"Authorization",
                                                          "Host",
                                                          "Cookie",
                                                          "Content-Length",
                                                          "Transfer-Encoding",
                                                          "Connection",
                                                          "Expect",
                                                          "Upgrade",
                                                          "TE",
                                                          "Trailer",
                                                          "Proxy-Authorization",
                                                          "Accept-Encoding",
                                                          "User-Agent"};
  return std::ranges::none_of(
      kOurs, [&](std::string_view ours) { return same_ignoring_case(ours, name); });
}

// nullopt: this was the last page.
Result<std::optional<Page>> next_page(const JsonDocument& document, const std::string& wanted,
                                      const std::string& api_base) {
  const JsonValue* links = document.find("links");
  const JsonValue* next = links != nullptr ? links->find("next") : nullptr;
  if (next == nullptr || next->is_null()) return std::optional<Page>();
  if (next->kind() != JsonKind::kObject)
    return malformed("links.next is " + std::string(name_of(next->kind())));
  const std::string_view method = next->text_of("method");
  if (!method.empty() && !same_ignoring_case(method, "GET"))
    return malformed("links.next wants another method than GET");
  const auto path = own_path(next->text_of("uri"), wanted, api_base);
  if (!path)
    return malformed("links.next does not lead to another page of " + wanted +
                     "; it is not followed");
  Page page{.path = *path, .headers = {}};
  if (const JsonValue* headers = next->find("headers")) {
    for (const JsonValue& header : headers->items()) {
      const std::string_view name = header.text_of("key");
      if (name.empty()) return malformed("links.next has a header without a name");
      if (!may_be_set(name))
        return malformed("links.next sets the header " + foreign_line(name) +
                         ", which is not its to set");
      page.headers.push_back(
          {.name = std::string(name), .value = std::string(header.text_of("value"))});
    }
  }
  return std::optional<Page>(std::move(page));
}

// Takes the items of one page; the next one, or nullopt after the last.
Result<std::optional<Page>> read_page(std::string_view body, const std::string& wanted,
                                      const std::string& api_base, const ItemsTaker& take,
                                      std::size_t& pages) {
  const auto document = parse_json(body);
  if (!document) return document.error();
  const JsonValue* items = document->find("items");
  if (items == nullptr || items->kind() != JsonKind::kArray) {
    const char* const found = items == nullptr ? "missing" : name_of(items->kind());
    return malformed(std::string("items is ") + found + ", wanted an array");
  }
  ++pages;
  const std::size_t fresh = take(items->items());
  auto next = next_page(*document, wanted, api_base);
  if (next && *next && fresh == 0 && !items->items().empty()) {
    return malformed(
        "the page brings nothing that was not known before and still names a next one");
  }
  return next;
}

std::string fingerprint(const Page& page) {
  std::string text = page.path;
  for (const Header& header : page.headers) text += "\n" + header.name + ": " + header.value;
  return text;
}

}  // namespace

SeekOutcome seek_pages(BodySource& client, const SeekQuestion& question, const ItemsTaker& take,
                       std::stop_token stop) {
  SeekOutcome outcome;
  std::set<std::string> asked;
  std::optional<Page> page = Page{.path = question.path + question.query, .headers = {}};
  const auto failed = [&](Error error) {
    outcome.failure =
        with_context(std::move(error), question.what + ", page " + std::to_string(asked.size()));
    return outcome;
  };
  while (page) {
    if (!asked.insert(fingerprint(*page)).second)
      return failed(malformed("links.next leads back to a page already read"));
    if (asked.size() > kSeekPagesMax) {
      return failed({.kind = ErrorKind::kTooLarge,
                     .message = "more than " + std::to_string(kSeekPagesMax) + " pages"});
    }
    const auto body = client.get({.operation = question.operation,
                                  .path = page->path,
                                  .correlation_id = question.correlation_id,
                                  .headers = page->headers},
                                 stop);
    if (!body) return failed(body.error());
    auto next = read_page(*body, question.path, client.api_base(), take, outcome.pages);
    if (!next) return failed(next.error());
    page = std::move(*next);
  }
  return outcome;
}

}  // namespace pce
