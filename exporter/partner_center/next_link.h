#pragma once
// Where the commercial insights live, and where their pages say the next one is.
// Source: Partner Center REST docs, "Get licenses deployment information": the syntax line says
// /v1/…/license/, the example /partner/v1/…/license, and no next link is ever shown. The sister
// platform (Microsoft Store analytics) writes the last segment and the query, spaces unencoded.
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pce {

// How one resource is written: "/partner/v1/" or "/v1/" in front, with or without a slash at the
// end. In the order of trying.
struct PathSpelling {
  std::string_view prefix;
  std::string_view suffix;
  friend bool operator==(const PathSpelling&, const PathSpelling&) = default;
};
inline constexpr std::array kPathSpellings{
    PathSpelling{"/partner/v1/", ""}, PathSpelling{"/v1/", ""}, PathSpelling{"/partner/v1/", "/"},
    PathSpelling{"/v1/", "/"}};

std::string spelled(const PathSpelling& spelling, std::string_view resource);

struct NextPage {
  PathSpelling spelling;
  std::string query;  // "?top=…", fit to be sent; empty: none
};

// `link` is a whole address, begins at the root, or is the last segment ("license?…", "license/?…",
// "?…") of the page that was asked as `asked`. `resource` is what all spellings share:
// "analytics/commercial/usage/license". nullopt: it leads to anything but this resource of the API
// at `api_base`, or holds what no address can.
std::optional<NextPage> resolve_next_link(std::string_view link, std::string_view api_base,
                                          std::string_view resource, const PathSpelling& asked);

}  // namespace pce
