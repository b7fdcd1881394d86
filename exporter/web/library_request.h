#pragma once
// What the library tells of a request. For http_server.cc, on
// the library's threads.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <microhttpd.h>

#include "exporter/web/request_gate.h"

namespace pce {

// Releases before 0.9.77 do not really check the header block themselves, and leave it in memory in
// a known form. The version that counts is the one we run with: later ones have the same soname.
bool library_needs_help_with_headers();

// Views into the library's memory, good for the request.
std::vector<SentHeader> headers_of(MHD_Connection* connection);

// All values of one name, in order, joined by ", ".
std::string joined_values(const std::vector<SentHeader>& headers, std::string_view name);

// What only the bytes themselves can tell, where library_needs_help_with_headers(). The pointers
// are the library's own; `target` may have a zero byte in it before `target_end`.
std::optional<Refusal> refuse_bytes(MHD_Connection* connection, const char* method,
                                    const char* target, const char* target_end,
                                    const char* version);

}  // namespace pce
