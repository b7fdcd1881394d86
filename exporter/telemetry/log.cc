#include "exporter/telemetry/log.h"

#include <charconv>
#include <chrono>
#include <memory>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "exporter/base/utc_text.h"

namespace pce {
namespace {

struct LogState {
  LogFormat format = LogFormat::kLogfmt;
  std::shared_ptr<spdlog::logger> logger;
};

// The logger of the process: the one thing that is global, because a log line must be possible from
// anywhere.
LogState& state() {
  static LogState the_state{LogFormat::kLogfmt, [] {
                              auto logger = std::make_shared<spdlog::logger>(
                                  "pce", std::make_shared<spdlog::sinks::stderr_sink_mt>());
                              logger->set_pattern("%v");
                              logger->flush_on(spdlog::level::trace);
                              return logger;
                            }()};
  return the_state;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kNone:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

const char* level_word(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarn:
      return "WARN";
    case LogLevel::kError:
    case LogLevel::kNone:
      return "ERROR";
  }
  return "INFO";
}

bool plain_in_logfmt(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '=' || c == '\\' || c == 0x7F)
      return false;
  }
  return true;
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

template <typename N>
void append_number(std::string& out, N number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  out.append(buffer, end);
}

void append_value(std::string& out, const LogField::Value& value, LogFormat format) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (format == LogFormat::kLogfmt && plain_in_logfmt(*text)) {
      out += *text;
    } else {
      append_quoted(out, *text);
    }
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    append_number(out, *whole);
  } else if (const auto* real = std::get_if<double>(&value)) {
    append_number(out, *real);
  } else {
    out += std::get<bool>(value) ? "true" : "false";
  }
}

std::string utc_now() {
  return utc_text(
      std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now()));
}

}  // namespace

std::string format_log_line(LogFormat format, std::string_view time, LogLevel level,
                            std::string_view message, std::initializer_list<LogField> fields) {
  std::string line;
  const bool json = format == LogFormat::kJson;
  const auto add = [&](std::string_view key, const LogField::Value& value) {
    if (json) {
      line += line.empty() ? "{" : ",";
      append_quoted(line, key);
      line += ':';
    } else {
      if (!line.empty()) line += ' ';
      line += key;
      line += '=';
    }
    append_value(line, value, format);
  };
  add("time", std::string(time));
  add("level", std::string(level_word(level)));
  add("msg", std::string(message));
  for (const LogField& field : fields) add(field.key, field.value);
  if (json) line += '}';
  return line;
}

void set_up_log(LogLevel threshold, LogFormat format) {
  state().format = format;
  state().logger->set_level(spdlog_level(threshold));
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  const auto at = spdlog_level(level);
  auto& logger = *state().logger;
  if (!logger.should_log(at)) return;
  logger.log(at, spdlog::string_view_t(
                     format_log_line(state().format, utc_now(), level, message, fields)));
}

}  // namespace pce
