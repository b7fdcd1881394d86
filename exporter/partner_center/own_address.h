#pragma once
// Links that answers carry, taken apart before anything is asked: a bearer token goes to our own
// API only.
// Source: RFC 3986, sections 3 and 4.2; the spellings seen are in the Partner Center REST docs.
#include <optional>
#include <string>
#include <string_view>

namespace pce {

// What `link` says below `api_base` ("https://host", perhaps with port and path, without a slash at
// its end): "/v1/customers?size=500". A link without scheme comes back as it is. Scheme and host
// are equal in either case, a port left out is the scheme's own. nullopt: another scheme, host or
// port, a user name in front of the host, or a scheme without a host.
std::optional<std::string_view> below_api_base(std::string_view link, std::string_view api_base);

// `path`, without a query, with one slash in front, none at its end and none doubled.
std::string plain_path(std::string_view path);

// `query`, as a link has it, fit to be sent: what may not stand in a query, spaces and quotes for
// example, is percent-encoded, and what is encoded stays so. nullopt: a fragment or a control
// character, which no query of a link brings by oversight.
std::optional<std::string> sendable_query(std::string_view query);

// `text` as a value of a query: all but letters, digits and -._~,: is percent-encoded.
std::string query_value(std::string_view text);

}  // namespace pce
