#pragma once
// Reads Accept and Accept-Encoding. Source: Prometheus documentation, "Content negotiation" and
// "Escaping schemes"; RFC 9110 for quality values.
#include <string>
#include <string_view>

#include "exporter/exposition/formats.h"

namespace pce {

struct Negotiated {
  const Format* format;      // one of formats(): something is always answered
  std::string content_type;  // with the escaping scheme the scraper named
};
Negotiated negotiated(std::string_view accept);

// Whether gzip is what the client likes best of what we have. "*" alone is no request for gzip, and
// between gzip and plain at the same quality gzip wins.
bool prefers_gzip(std::string_view accept_encoding);

}  // namespace pce
