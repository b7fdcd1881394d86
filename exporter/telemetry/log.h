#pragma once
// Log lines as logfmt or JSON on standard error; the only folder that knows spdlog. Control
// characters in values are escaped, so one event is one line. Any thread.
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace pce {

enum class LogLevel { kDebug, kInfo, kWarn, kError, kNone };  // kNone: a threshold only
enum class LogFormat { kLogfmt, kJson };

struct LogField {
  using Value = std::variant<std::string, std::int64_t, double, bool>;
  template <std::convertible_to<std::string_view> T>
  LogField(std::string_view k, const T& v) : key(k), value(std::string(std::string_view(v))) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) LogField(std::string_view k, T v)
      : key(k), value(static_cast<std::int64_t>(v)) {}
  LogField(std::string_view k, double v) : key(k), value(v) {}
  LogField(std::string_view k, bool v) : key(k), value(v) {}

  std::string key;
  Value value;
};

// Sets format and threshold for the process; call once, before the first thread.
void set_up_log(LogLevel threshold, LogFormat format);

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
inline void log_debug(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::kDebug, m, f);
}
inline void log_info(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::kInfo, m, f);
}
inline void log_warn(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::kWarn, m, f);
}
inline void log_error(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::kError, m, f);
}

// The line itself, without its line feed: what set_up_log's sink writes.
std::string format_log_line(LogFormat format, std::string_view time, LogLevel level,
                            std::string_view message, std::initializer_list<LogField> fields);

}  // namespace pce
