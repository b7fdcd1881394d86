#include "exporter/web/library_request.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "exporter/http/transport.h"

namespace pce {

bool library_needs_help_with_headers() {
  std::array<int, 3> version{};
  // A text that cannot be read counts as a newer library.
  if (std::sscanf(MHD_get_version(), "%d.%d.%d", &version[0], &version[1], &version[2]) != 3) {
    return false;
  }
  return version < std::array{0, 9, 77};
}

std::vector<SentHeader> headers_of(MHD_Connection* connection) {
  std::vector<SentHeader> headers;
  // Room first: the callback below is called by C code, so it must not throw.
  const int count = MHD_get_connection_values(connection, MHD_HEADER_KIND, nullptr, nullptr);
  headers.reserve(static_cast<std::size_t>(std::max(0, count)));
  MHD_get_connection_values_n(
      connection, MHD_HEADER_KIND,
      [](void* out, MHD_ValueKind, const char* name, std::size_t name_size, const char* value,
         std::size_t value_size) noexcept {
        static_cast<std::vector<SentHeader>*>(out)->push_back(
            {{name, name_size}, value == nullptr ? "" : std::string_view(value, value_size)});
        return MHD_YES;
      },
      &headers);
  return headers;
}

std::string joined_values(const std::vector<SentHeader>& headers, std::string_view name) {
  std::string values;
  for (const SentHeader& header : headers) {
    if (!same_header_name(header.name, name)) continue;
    if (!values.empty()) values += ", ";
    values += header.value;
  }
  return values;
}

std::optional<Refusal> refuse_bytes(MHD_Connection* connection, const char* method,
                                    const char* target, const char* target_end,
                                    const char* version) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  // In the library's buffer the request begins at `method`; `version` is further along.
  if (info == nullptr || version < method || version >= method + info->header_size) {
    return Refusal{.status = 400, .reason = "The request line cannot be read."};
  }
  if (target_end + 1 != version || method + std::strlen(method) + 1 != target) {
    return Refusal{.status = 400,
                   .reason = "The request line has a zero byte or a space too many in it."};
  }
  return refuse_header_block({version, method + info->header_size});
}

}  // namespace pce
