#include "exporter/partner_center/customer_list.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>

#include "exporter/json/json_document.h"
#include "exporter/partner_center/foreign_text.h"

namespace pce {
namespace {

constexpr std::string_view kPath = "/v1/customers";

struct Page {
  std::string path;
  std::vector<Header> headers;
};

Error malformed(std::string message) {
  return {.kind = ErrorKind::kMalformed, .message = std::move(message)};
}

bool same_ignoring_case(std::string_view a, std::string_view b) { return same_header_name(a, b); }

// The path and query below our API base that `uri` names. Seen: "/customers?…", "/v1/customers?…",
// with a doubled slash, and whole addresses. nullopt: anywhere else.
std::optional<std::string> own_path(std::string_view uri, std::string_view api_base) {
  if (uri.size() > api_base.size() &&
      same_ignoring_case(uri.substr(0, api_base.size()), api_base) && uri[api_base.size()] == '/') {
    uri.remove_prefix(api_base.size());
  }
  const auto query_at = std::min(uri.find('?'), uri.size());
  std::string path = "/";
  for (const char c : uri.substr(0, query_at)) {
    if (c != '/' || path.back() != '/') path += c;
  }
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  if (!path.starts_with("/v1/")) path.insert(0, "/v1");
  const std::string_view query = uri.substr(query_at);
  const bool clean =
      std::ranges::all_of(query, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
  if (path != kPath || !clean) return std::nullopt;
  return path.append(query);
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
Result<std::optional<Page>> next_page(const JsonDocument& document, const std::string& api_base) {
  const JsonValue* links = document.find("links");
  const JsonValue* next = links != nullptr ? links->find("next") : nullptr;
  if (next == nullptr || next->is_null()) return std::optional<Page>();
  if (next->kind() != JsonKind::kObject)
    return malformed("links.next is " + std::string(name_of(next->kind())));
  const std::string_view method = next->text_of("method");
  if (!method.empty() && !same_ignoring_case(method, "GET"))
    return malformed("links.next wants another method than GET");
  const auto path = own_path(next->text_of("uri"), api_base);
  if (!path)
    return malformed("links.next does not lead to another page of " + std::string(kPath) +
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

class Reader {
 public:
  explicit Reader(CustomerList& list) : list_(list) {}

  // How many customers the page brought that were not known before.
  std::size_t take(std::span<const JsonValue> items) {
    const std::size_t before = list_.customers.size();
    for (const JsonValue& item : items) take(item);
    return list_.customers.size() - before;
  }

 private:
  void take(const JsonValue& item) {
    if (item.kind() != JsonKind::kObject) return reject("type");
    static const JsonValue kNothing;
    const JsonValue* profile = item.find("companyProfile");
    if (profile == nullptr) profile = &kNothing;
    std::string_view id_text = item.text_of("id");
    if (id_text.empty()) id_text = profile->text_of("tenantId");  // the same id, see the reference
    if (id_text.empty()) return reject("missing");
    auto id = TenantId::parse(id_text);
    if (!id) return reject("type");
    if (!known_.insert(*id).second) {
      ++list_.duplicates;
      return;
    }
    list_.customers.push_back({.id = std::move(*id),
                               .name = std::string(profile->text_of("companyName")),
                               .domain = std::string(profile->text_of("domain")),
                               .relationship = std::string(item.text_of("relationshipToPartner"))});
  }
  void reject(const char* reason) { ++list_.rejected[reason]; }

  CustomerList& list_;
  std::set<TenantId> known_;
};

// Reads one page into the list; the next one, or nullopt after the last.
Result<std::optional<Page>> read_page(std::string_view body, const std::string& api_base,
                                      Reader& reader, CustomerList& list) {
  const auto document = parse_json(body);
  if (!document) return document.error();
  const JsonValue* items = document->find("items");
  if (items == nullptr || items->kind() != JsonKind::kArray) {
    const char* const found = items == nullptr ? "missing" : name_of(items->kind());
    return malformed(std::string("items is ") + found + ", wanted an array");
  }
  ++list.pages;
  const std::size_t fresh = reader.take(items->items());
  auto next = next_page(*document, api_base);
  if (next && *next && fresh == 0 && !items->items().empty()) {
    return malformed(
        "the page brings no customer that was not known before and still names a next one");
  }
  return next;
}

std::string fingerprint(const Page& page) {
  std::string text = page.path;
  for (const Header& header : page.headers) text += "\n" + header.name + ": " + header.value;
  return text;
}

}  // namespace

CustomerList read_customer_list(PartnerCenterClient& client, const std::string& correlation_id,
                                std::stop_token stop) {
  CustomerList list;
  Reader reader(list);
  std::set<std::string> asked;
  std::optional<Page> page = Page{.path = std::string(kPath), .headers = {}};
  page->path += "?size=500";
  const auto failed = [&](Error error) {
    list.failure =
        with_context(std::move(error), "customer list, page " + std::to_string(asked.size()));
    return list;
  };
  while (page) {
    if (!asked.insert(fingerprint(*page)).second)
      return failed(malformed("links.next leads back to a page already read"));
    if (asked.size() > kCustomerPagesMax) {
      return failed({.kind = ErrorKind::kTooLarge,
                     .message = "more than " + std::to_string(kCustomerPagesMax) + " pages"});
    }
    const auto body = client.get({.operation = kCustomersOperation,
                                  .path = page->path,
                                  .correlation_id = correlation_id,
                                  .headers = page->headers},
                                 stop);
    if (!body) return failed(body.error());
    auto next = read_page(*body, client.api_base(), reader, list);
    if (!next) return failed(next.error());
    page = std::move(*next);
  }
  list.complete = true;
  return list;
}

}  // namespace pce
