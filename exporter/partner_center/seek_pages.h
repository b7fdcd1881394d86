#pragma once
// Walks a collection whose pages name the next one by link and headers.
// Source: Partner Center REST docs, "Get a list of customers". Shape of a page:
// {"items":[…],"links":{"next":{"uri","method","headers":[{"key","value"}…]}}}; the last page has
// no links.next.
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/json/json_document.h"
#include "exporter/partner_center/body_source.h"

namespace pce {

inline constexpr std::size_t kSeekPagesMax = 2000;  // of 500 items: a million

struct SeekQuestion {
  std::string_view operation;  // see ApiCall
  std::string what;            // for messages: "customer list"
  std::string path;            // "/v1/customers"
  std::string query;           // of the first page: "?size=500"; later ones have their own
  std::string correlation_id{};
};

struct SeekOutcome {
  std::size_t pages = 0;           // read
  std::optional<Error> failure{};  // why not all of them; what was taken before is good
};

// Takes the items of one page and says how many of them no earlier page had.
using ItemsTaker = std::function<std::size_t(std::span<const JsonValue> items)>;

// Only the API's own `path` is ever asked, wherever a page says the next one is. A page that comes
// again, and more than kSeekPagesMax of them, are failures.
SeekOutcome seek_pages(BodySource& client, const SeekQuestion& question, const ItemsTaker& take,
                       std::stop_token stop);

}  // namespace pce
