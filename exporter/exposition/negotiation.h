#pragma once
// Reads Accept and Accept-Encoding. Source: Prometheus documentation, "Content negotiation" and
// "Escaping schemes"; RFC 9110 for quality values.
#include <string>
#include <string_view>

namespace pce {

// The content type of the answer. Text 0.0.4 is what we speak; the escaping scheme the scraper
// names is repeated.
std::string negotiated_content_type(std::string_view accept);

// Whether gzip is listed with a quality above 0. "*" alone is no request for gzip.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace pce
