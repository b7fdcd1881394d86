#include "exporter/settings/command_line.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "exporter/base/result.h"
#include "exporter/settings/flags.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/network_name.h"
#include "exporter/settings/spelling.h"

namespace pce {
namespace {

constexpr std::string_view kPathCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
constexpr std::string_view kListenAddress = "--web.listen-address";
constexpr std::string_view kSystemdSocket = "--web.systemd-socket";

Error refused(const std::string& message) {
  return Error{.kind = ErrorKind::kSettings, .message = message};
}

// The arguments sorted by flag, not yet judged.
class Given {
 public:
  static Result<Given> read(int argc, const char* const* argv);

  bool has(std::string_view flag) const { return !values(flag).empty(); }
  std::span<const std::string> values(std::string_view flag) const;
  // Words that are no flag; flags nobody knows begin with "-".
  const std::vector<std::string>& others() const { return others_; }

 private:
  std::vector<std::pair<std::string_view, std::vector<std::string>>> values_;
  std::vector<std::string> others_;
};

std::span<const std::string> Given::values(std::string_view flag) const {
  for (const auto& [name, values] : values_) {
    if (name == flag) return values;
  }
  return {};
}

Result<Given> Given::read(int argc, const char* const* argv) {
  // CLI11 would take the next argument for the value of "--flag=".
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
      return refused("flag " + std::string(argument.substr(0, argument.size() - 1)) +
                     " has an empty value");
    }
  }
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<std::pair<const FlagInfo*, CLI::Option*>> options;
  for (const FlagInfo& flag : flags()) {
    CLI::Option* option = flag.value.empty() ? app.add_flag(std::string(flag.name))
                                             : app.add_option(std::string(flag.name));
    // Repeated flags are counted by us; and "[::1]" is an address, not a list of one.
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
    options.emplace_back(&flag, option);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ArgumentMismatch& e) {
    const std::string what = e.what();  // "--flag: …"
    return refused("flag " + what.substr(0, what.find(':')) + " wants a value");
  } catch (const CLI::Error& e) {
    return refused(e.what());
  } catch (const std::exception& e) {
    return refused(std::string("the command line cannot be read: ") + e.what());
  }

  Given given;
  given.others_ = app.remaining();
  for (const auto& [flag, option] : options) {
    if (option->count() == 0) continue;
    const std::vector<std::string>& values = option->results();
    if (flag->value.empty()) {
      const bool good =
          std::ranges::all_of(values, [](const std::string& v) { return v == "true"; });
      if (!good) return refused("flag " + std::string(flag->name) + " takes no value");
    }
    for (const std::string& value : values) {
      if (value.empty()) return refused("flag " + std::string(flag->name) + " has an empty value");
      if (!value.starts_with("--")) continue;
      return refused("flag " + std::string(flag->name) + " wants a value, found the flag " +
                     in_quotes(value));
    }
    given.values_.emplace_back(flag->name, values);
  }
  return given;
}

// Takes single values out of Given; the first mistake is the one that is told.
class Judge {
 public:
  explicit Judge(const Given& given) : given_(given) {}
  const std::optional<Error>& error() const { return error_; }

  void fail(const std::string& message) {
    if (!error_) error_ = refused(message);
  }
  void fail(std::string_view flag, const std::string& message) {
    fail("flag " + std::string(flag) + ": " + message);
  }

  std::optional<std::string> single(std::string_view flag) {
    const auto values = given_.values(flag);
    if (values.empty()) return std::nullopt;
    if (values.size() > 1) fail("flag " + std::string(flag) + " is given more than once");
    return values.front();
  }
  // Which of choices(flag), whose order is that of the enum.
  std::optional<std::size_t> choice(std::string_view flag) {
    const auto value = single(flag);
    if (!value) return std::nullopt;
    const auto words = choices(flag);
    const auto word = std::ranges::find(words, *value);
    if (word != words.end()) return static_cast<std::size_t>(word - words.begin());
    fail(flag,
         "found " + in_quotes(*value) + ", wanted " + any_of(words) + suggestion(*value, words));
    return std::nullopt;
  }
  std::optional<int> number(std::string_view flag, int min, int max) {
    const auto value = single(flag);
    if (!value) return std::nullopt;
    int number = 0;
    const auto read = std::from_chars(value->data(), value->data() + value->size(), number);
    const bool whole = read.ec == std::errc() && read.ptr == value->data() + value->size();
    if (whole && number >= min && number <= max) return number;
    fail(flag,
         "found " + in_quotes(*value) + ", wanted a whole number of at least " +
             std::to_string(min) +
             (max == std::numeric_limits<int>::max() ? std::string()
                                                     : " and at most " + std::to_string(max)));
    return std::nullopt;
  }
  // `only`: the one value that works until the feature comes.
  void number_so_far(std::string_view flag, int only, int min) {
    const auto found = number(flag, min, std::numeric_limits<int>::max());
    if (!found || *found == only) return;
    fail(flag, "found " + std::to_string(*found) +
                   ", but sharing the work between several processes is not supported yet: leave "
                   "the flag out");
  }
  void not_yet(std::string_view flag, const std::string& what) {
    if (single(flag)) fail(flag, what + " not supported yet: leave the flag out");
  }

 private:
  const Given& given_;
  std::optional<Error> error_;
};

std::optional<std::string> complaint_about_path(std::string_view path) {
  if (!path.starts_with('/')) return "it begins with /";
  if (path == "/") return "/ itself is the page that links to it";
  if (path == "/config") return "/config itself is the configuration in use";
  if (path.starts_with("/-/")) return "what begins with /-/ is for health and readiness";
  if (path.starts_with("/api/")) return "what begins with /api/ is for questions to the exporter";
  if (path.find_first_not_of(kPathCharacters) != std::string_view::npos) {
    return "letters, digits and -._~/ only, so no query and no escapes";
  }
  // Clients take such segments out before they ask, and never arrive.
  const std::string closed = std::string(path) + "/";
  for (const std::string_view segment : {"/./", "/../"}) {
    if (closed.find(segment) != std::string::npos) return "without . and .. as segments";
  }
  if (path.find("//") != std::string_view::npos) return "without //";
  return std::nullopt;
}

Error unknown(std::string_view word) {
  std::vector<std::string_view> known;
  if (word.starts_with('-')) {
    for (const FlagInfo& flag : flags()) known.push_back(flag.name);
    const std::string_view name = word.substr(0, word.find('='));
    return refused("unknown flag " + in_quotes(name) + suggestion(name, known));
  }
  for (const CommandInfo& command : commands()) known.push_back(command.name);
  return refused("unknown command " + in_quotes(word) + suggestion(word, known));
}

CommandLine::Command command_named(std::string_view name) {
  using Command = CommandLine::Command;
  if (name == "check") return Command::kCheck;
  if (name == "login") return Command::kLogin;
  if (name == "doctor") return Command::kDoctor;
  if (name == "plan") return Command::kPlan;
  if (name == "explain") return Command::kExplain;
  if (name == "healthcheck") return Command::kHealthcheck;
  if (name == "metrics") return Command::kMetrics;
  return Command::kRun;
}

void judge_command(const Given& given, CommandLine& out, Judge& judge) {
  const auto& words = given.others();
  std::string_view name = "run";
  std::size_t operands = 0;
  for (const std::string& word : words) {
    if (word.starts_with('-')) judge.fail(unknown(word).message);
  }
  if (!words.empty()) {
    const auto known =
        std::ranges::find(commands(), std::string_view(words.front()), &CommandInfo::name);
    if (known == commands().end()) {
      return judge.fail(unknown(words.front()).message);
    }
    name = known->name;
    out.command = command_named(name);
    operands = known->operand.empty() ? 0 : 1;
    if (words.size() <= operands) {
      judge.fail("command " + words.front() + " wants a " + std::string(known->operand) +
                 " behind it");
    } else if (operands == 1) {
      out.customer = words[1];
    }
    if (words.size() > 1 + operands) {
      judge.fail("command " + words.front() +
                 (operands == 0 ? " stands alone" : " takes one word") + ", found " +
                 in_quotes(words[1 + operands]) + " behind it");
    }
  }
  for (const FlagInfo& flag : flags()) {
    if (!given.has(flag.name) || takes(name, flag)) continue;
    judge.fail(name == "run" ? "flag " + std::string(flag.name) +
                                   " belongs to a command: " + std::string(flag.commands)
                             : "command " + std::string(name) + " does not take the flag " +
                                   std::string(flag.name));
  }
}

void judge_command_flags(const Given& given, CommandLine& out, Judge& judge) {
  if (const auto account = judge.single("--account")) out.account = *account;
  if (const auto output = judge.choice("--output"))
    out.output = static_cast<CommandLine::Output>(*output);
  out.device_code = given.has("--device-code");
  out.no_browser = given.has("--no-browser");
  out.allow_no_mfa = given.has("--allow-no-mfa");
  if (const auto port = judge.single("--port")) {
    const auto number = parse_port(*port);
    if (!number)
      judge.fail("--port", "found " + in_quotes(*port) + ", wanted a number from 0 to 65535");
    out.callback_port = number.value_or(0);
  }
  if (const auto customer = judge.single("--customer")) out.customer = *customer;
  if (const auto sample = judge.number("--sample", 1, 100'000)) out.sample = *sample;
  if (const auto url = judge.single("--exporter.url")) {
    out.exporter_url = *url;
    while (out.exporter_url.ends_with('/')) out.exporter_url.pop_back();
    if (!url->starts_with("http://") && !url->starts_with("https://")) {
      judge.fail("--exporter.url",
                 "found " + in_quotes(*url) + ", wanted an address such as http://localhost:10365");
    }
  }
}

void judge_exporter_files(CommandLine& out, Judge& judge) {
  for (const auto& [flag, path] : {std::pair("--exporter.ca-file", &out.exporter_ca_file),
                                   std::pair("--exporter.login-file", &out.exporter_login_file),
                                   std::pair("--exporter.cert-file", &out.exporter_cert_file),
                                   std::pair("--exporter.key-file", &out.exporter_key_file)}) {
    if (const auto file = judge.single(flag)) *path = *file;
  }
  if (out.exporter_cert_file.empty() != out.exporter_key_file.empty()) {
    judge.fail(
        "flags --exporter.cert-file and --exporter.key-file belong together: one is missing");
  }
}

void judge_listen_addresses(const Given& given, CommandLine& out, Judge& judge) {
  out.systemd_socket = given.has(kSystemdSocket);
  if (!given.has(kListenAddress)) return;
  if (out.systemd_socket) {
    return judge.fail(kSystemdSocket, "stands instead of " + std::string(kListenAddress) +
                                          ": leave one of them out");
  }
  out.listen_addresses.clear();
  for (const std::string& value : given.values(kListenAddress)) {
    const auto address = parse_listen_address(value);
    if (!address) return judge.fail(kListenAddress, address.error().message);
    // Port 0 is another free port each time.
    if ((address->port != 0 || !address->path.empty()) &&
        std::ranges::find(out.listen_addresses, *address) != out.listen_addresses.end()) {
      return judge.fail(kListenAddress, "found " + in_quotes(value) + " more than once");
    }
    out.listen_addresses.push_back(*address);
  }
}

Result<CommandLine> judged(const Given& given) {
  CommandLine out;
  Judge judge(given);
  judge_command(given, out, judge);
  judge_command_flags(given, out, judge);
  judge_exporter_files(out, judge);
  if (const auto file = judge.single("--config.file")) out.config_file = *file;
  out.config_check = given.has("--config.check");
  judge_listen_addresses(given, out, judge);
  if (const auto file = judge.single("--web.config.file")) out.web_config_file = *file;
  if (const auto path = judge.single("--web.telemetry-path")) {
    out.telemetry_path = *path;
    if (const auto why = complaint_about_path(*path)) {
      judge.fail("--web.telemetry-path",
                 "found " + in_quotes(*path) + ", wanted a path such as /metrics: " + *why);
    }
  }
  if (const auto count = judge.number("--web.max-requests", 0, std::numeric_limits<int>::max())) {
    out.max_requests = *count;
  }
  if (const auto folder = judge.single("--storage.path")) out.storage_path = *folder;
  if (const auto level = judge.choice("--log.level")) {
    out.log_level = static_cast<CommandLine::LogLevel>(*level);
  }
  if (const auto format = judge.choice("--log.format")) {
    out.log_format = static_cast<CommandLine::LogFormat>(*format);
  }
  judge.number_so_far("--shard", 0, 0);
  judge.number_so_far("--total-shards", 1, 1);
  if (judge.error()) return *judge.error();
  return out;
}

Farewell usage_error(const Error& error) {
  return {.text = "partner_center_exporter: " + error.message +
                  "\nTry partner_center_exporter --help for all flags.\n",
          .exit_status = 2};
}

}  // namespace

std::variant<CommandLine, Farewell> parse_command_line(int argc, const char* const* argv,
                                                       std::string_view version_text) {
  const auto given = Given::read(argc, argv);
  if (!given) return usage_error(given.error());
  if (given->has("--help") || given->has("-h"))
    return Farewell{.text = help_text(), .exit_status = 0};
  if (given->has("--version")) {
    std::string text(version_text);
    if (!text.ends_with('\n')) text += '\n';
    return Farewell{.text = std::move(text), .exit_status = 0};
  }
  const auto command_line = judged(*given);
  if (!command_line) return usage_error(command_line.error());
  return *command_line;
}

}  // namespace pce
