#pragma once
// Members of our JSON answers that are left out where nothing is known. Instants are seconds since
// 1970.
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/json/json_writer.h"
#include "exporter/web/web_message.h"

namespace pce {

inline double seconds_of(WallTime when) {
  return std::chrono::duration<double>(when.time_since_epoch()).count();
}

inline void write(JsonWriter& out, std::string_view key, const std::optional<WallTime>& when) {
  if (when) out.key(key).real(seconds_of(*when));
}

inline void write(JsonWriter& out, std::string_view key, std::string_view text) {
  if (!text.empty()) out.member(key, text);
}

inline void write(JsonWriter& out, std::string_view key, std::size_t count) {
  out.key(key).integer(static_cast<std::int64_t>(count));
}

inline WebResponse json_answer(int status, JsonWriter& writer) {
  return {.status = status,
          .content_type = "application/json",
          .headers = {{"X-Content-Type-Options", "nosniff"}},
          .body = writer.take()};
}

}  // namespace pce
