#include "exporter/settings/command_line.h"

#include <variant>

#include "exporter/settings/flags.h"

namespace pce {
namespace {

using Command = CommandLine::Command;
using testing::HasSubstr;
using testing::StartsWith;

std::variant<CommandLine, Farewell> parse(std::vector<std::string> arguments) {
  std::vector<const char*> argv{"partner_center_exporter"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return parse_command_line(static_cast<int>(argv.size()), argv.data(), "version text");
}

// What was refused, or why it was not.
std::string complaint(std::vector<std::string> arguments) {
  const auto parsed = parse(std::move(arguments));
  const auto* farewell = std::get_if<Farewell>(&parsed);
  if (farewell == nullptr) return "accepted";
  EXPECT_EQ(farewell->exit_status, 2);
  EXPECT_THAT(farewell->text, StartsWith("partner_center_exporter: "));
  EXPECT_THAT(farewell->text, testing::EndsWith("--help for all flags.\n"));
  return farewell->text;
}

TEST(CommandLine, RunsTheExporterWithDefaults) {
  const auto parsed = parse({});
  const auto& line = std::get<CommandLine>(parsed);
  EXPECT_EQ(line.command, Command::kRun);
  EXPECT_EQ(line.config_file, "partner_center.yml");
  EXPECT_FALSE(line.config_check);
  EXPECT_THAT(line.listen_addresses,
              testing::ElementsAre(ListenAddress{.host = "", .port = 10365}));
  EXPECT_EQ(line.web_config_file, std::nullopt);
  EXPECT_EQ(line.telemetry_path, "/metrics");
  EXPECT_EQ(line.storage_path, std::nullopt);
  EXPECT_EQ(line.log_level, CommandLine::LogLevel::kInfo);
  EXPECT_EQ(line.log_format, CommandLine::LogFormat::kLogfmt);
  EXPECT_EQ(line.shard, 0);
  EXPECT_EQ(line.max_requests, 40);
  EXPECT_EQ(line.total_shards, 1);
}

TEST(CommandLine, TakesValuesBehindAnEqualsSignAndAsTheNextArgument) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--config.file=a b.yml", "--config.check", "--web.listen-address=[::1]:0",
            "--web.listen-address=localhost:1", "--web.telemetry-path=/x/metrics",
            "--web.max-requests=7", "--log.level=debug", "--log.format=json", "--shard=0",
            "--total-shards=1"},
           {"--config.file", "a b.yml", "--config.check", "--web.listen-address", "[::1]:0",
            "--web.listen-address", "localhost:1", "--web.telemetry-path", "/x/metrics",
            "--web.max-requests", "7", "--log.level", "debug", "--log.format", "json", "--shard",
            "0", "--total-shards", "1"}}) {
    const auto parsed = parse(arguments);
    ASSERT_TRUE(std::holds_alternative<CommandLine>(parsed)) << std::get<Farewell>(parsed).text;
    const auto& line = std::get<CommandLine>(parsed);
    EXPECT_EQ(line.config_file, "a b.yml");
    EXPECT_TRUE(line.config_check);
    EXPECT_THAT(line.listen_addresses,
                testing::ElementsAre(ListenAddress{.host = "::1", .port = 0},
                                     ListenAddress{.host = "localhost", .port = 1}));
    EXPECT_EQ(line.telemetry_path, "/x/metrics");
    EXPECT_EQ(line.max_requests, 7);
    EXPECT_EQ(line.log_level, CommandLine::LogLevel::kDebug);
    EXPECT_EQ(line.log_format, CommandLine::LogFormat::kJson);
  }
}

TEST(CommandLine, TakesSystemdsSocketsWhenAskedTo) {
  EXPECT_FALSE(std::get<CommandLine>(parse({})).systemd_socket);
  EXPECT_TRUE(std::get<CommandLine>(parse({"--web.systemd-socket"})).systemd_socket);
}

TEST(CommandLine, TakesWhatARunningExporterIsAskedWith) {
  const auto parsed = parse({"healthcheck", "--exporter.url=https://x:1/", "--exporter.ca-file=ca",
                             "--exporter.login-file=login", "--exporter.cert-file=cert",
                             "--exporter.key-file=key"});
  const auto& line = std::get<CommandLine>(parsed);
  EXPECT_EQ(line.exporter_url, "https://x:1");
  EXPECT_EQ(line.exporter_ca_file, "ca");
  EXPECT_EQ(line.exporter_login_file, "login");
  EXPECT_EQ(line.exporter_cert_file, "cert");
  EXPECT_EQ(line.exporter_key_file, "key");
}

TEST(CommandLine, KnowsEveryLogLevel) {
  using Level = CommandLine::LogLevel;
  EXPECT_EQ(std::get<CommandLine>(parse({"--log.level=debug"})).log_level, Level::kDebug);
  EXPECT_EQ(std::get<CommandLine>(parse({"--log.level=info"})).log_level, Level::kInfo);
  EXPECT_EQ(std::get<CommandLine>(parse({"--log.level=warn"})).log_level, Level::kWarn);
  EXPECT_EQ(std::get<CommandLine>(parse({"--log.level=error"})).log_level, Level::kError);
}

TEST(CommandLine, PrintsTheMetricsReference) {
  EXPECT_EQ(std::get<CommandLine>(parse({"metrics"})).command, Command::kMetrics);
}

struct Refused {
  std::vector<std::string> arguments;
  std::string complaint;
};

TEST(CommandLine, RefusesWrongUsage) {
  const std::vector<Refused> table{
      {{"--config.fil=x"}, "unknown flag \"--config.fil\" (did you mean \"--config.file\"?)"},
      {{"-config.file=x"}, "unknown flag \"-config.file\" (did you mean \"--config.file\"?)"},
      {{"--web.listen-adress", ":1"},
       "unknown flag \"--web.listen-adress\" (did you mean \"--web.listen-address\"?)"},
      {{"--loglevel=debug"}, "(did you mean \"--log.level\"?)"},
      {{"--xyzzy"}, "unknown flag \"--xyzzy\"\n"},
      {{"-v"}, "unknown flag \"-v\""},
      {{"--config.file"}, "flag --config.file wants a value"},
      {{"--config.file="}, "flag --config.file has an empty value"},
      {{"--config.file=", "x"}, "flag --config.file has an empty value"},
      {{"--config.file", ""}, "flag --config.file has an empty value"},
      {{"--config.file", "--config.check"},
       "flag --config.file wants a value, found the flag \"--config.check\""},
      {{"--config.file=a", "--config.file=b"}, "flag --config.file is given more than once"},
      {{"--config.check=no"}, "flag --config.check takes no value"},
      {{"--log.level=warning"},
       "flag --log.level: found \"warning\", wanted debug, info, warn or error (did you mean "
       "\"warn\"?)"},
      {{"--log.level=INFO"}, "(did you mean \"info\"?)"},
      {{"--log.format=text"}, "flag --log.format: found \"text\", wanted logfmt or json"},
      {{"--web.listen-address=10365"},
       "flag --web.listen-address: found \"10365\", wanted HOST:PORT"},
      {{"--web.listen-address=[::1]"},
       "flag --web.listen-address: found \"[::1]\", wanted HOST:PORT"},
      {{"--web.listen-address=:1", "--web.listen-address=:1"}, "found \":1\" more than once"},
      {{"--web.listen-address=unix:/x", "--web.listen-address=unix:///x"}, "more than once"},
      {{"--web.systemd-socket", "--web.listen-address=:1"},
       "flag --web.systemd-socket: stands instead of --web.listen-address"},
      {{"--web.max-requests=-1"}, "flag --web.max-requests: found \"-1\", wanted a whole number"},
      {{"--web.max-requests=many"}, "flag --web.max-requests: found \"many\""},
      {{"--web.telemetry-path=metrics"}, "wanted a path such as /metrics: it begins with /"},
      {{"--web.telemetry-path=/"}, "/ itself is the page that links to it"},
      {{"--web.telemetry-path=/-/metrics"}, "for health and readiness"},
      {{"--web.telemetry-path=/api/v1/metrics"}, "for questions to the exporter"},
      {{"--web.telemetry-path=/config"}, "the configuration in use"},
      {{"--web.telemetry-path=/metrics?x=1"}, "so no query"},
      {{"--web.telemetry-path=/a b"}, "so no query"},
      {{"--web.telemetry-path=/a/../b"}, "without . and .."},
      {{"--web.telemetry-path=/a//b"}, "without //"},
      {{"login", "--web.config.file=web.yml"},
       "command login does not take the flag --web.config.file"},
      {{"--shard=1"},
       "flag --shard: found 1, but sharing the work between several processes is not supported "
       "yet"},
      {{"--shard=-1"}, "flag --shard: found \"-1\", wanted a whole number of at least 0"},
      {{"--shard=x"}, "flag --shard: found \"x\", wanted a whole number"},
      {{"--total-shards=3"}, "flag --total-shards: found 3, but"},
      {{"--total-shards=0"},
       "flag --total-shards: found \"0\", wanted a whole number of at least 1"},
      {{"--total-shards=99999999999"}, "wanted a whole number"},
      {{"explain"}, "command explain wants a CUSTOMER behind it"},
      {{"healthcheck", "--exporter.cert-file=x"}, "--exporter.key-file belong together"},
      {{"--exporter.login-file=x"}, "belongs to a command: explain healthcheck"},
      {{"explain", "one", "two"}, "command explain takes one word, found \"two\" behind it"},
      {{"doctor", "one"}, "command doctor stands alone, found \"one\" behind it"},
      {{"doctor", "--device-code"}, "command doctor does not take the flag --device-code"},
      {{"--account=contoso"}, "flag --account belongs to a command: login doctor plan"},
      {{"check", "--output=yaml"}, "flag --output: found \"yaml\", wanted text or json"},
      {{"login", "--port=70000"}, "flag --port: found \"70000\", wanted a number from 0 to 65535"},
      {{"plan", "--sample=0"},
       "flag --sample: found \"0\", wanted a whole number of at least 1 and at most 100000"},
      {{"explain", "x", "--exporter.url=localhost"},
       "flag --exporter.url: found \"localhost\", wanted an address such as"},
      {{"metric"}, "unknown command \"metric\" (did you mean \"metrics\"?)"},
      {{"run.yml"}, "unknown command \"run.yml\""},
      {{""}, "unknown command \"\""},
      {{"metrics", "metrics"}, "command metrics stands alone, found \"metrics\" behind it"},
      {{"metrics", "--log.level=debug"}, "command metrics does not take the flag --log.level"},
      {{"metrics", "--bogus"}, "unknown flag \"--bogus\""},
      {{"--", "metrics"}, "unknown flag \"--\""},
      {{"--=x"}, "unknown flag"},
      {{"--config.file=\x1B[31m.yml", "--x\ny"}, "unknown flag \"--x\\ny\""},
  };
  for (const Refused& row : table) {
    EXPECT_THAT(complaint(row.arguments), HasSubstr(row.complaint))
        << testing::PrintToString(row.arguments);
  }
}

TEST(CommandLine, HandsFlagsToTheirCommands) {
  const auto parsed = parse({"login", "--config.file=a.yml", "--account=contoso", "--device-code",
                             "--no-browser", "--port=8400", "--allow-no-mfa"});
  const auto& login = std::get<CommandLine>(parsed);
  EXPECT_EQ(login.command, Command::kLogin);
  EXPECT_EQ(login.config_file, "a.yml");
  EXPECT_EQ(login.account, "contoso");
  EXPECT_TRUE(login.device_code && login.no_browser && login.allow_no_mfa);
  EXPECT_EQ(login.callback_port, 8400);
  const auto explained =
      parse({"explain", "Contoso Ltd", "--output=json", "--exporter.url=http://[::1]:1/"});
  const auto& explain = std::get<CommandLine>(explained);
  EXPECT_EQ(explain.command, Command::kExplain);
  EXPECT_EQ(explain.customer, "Contoso Ltd");
  EXPECT_EQ(explain.output, CommandLine::Output::kJson);
  EXPECT_EQ(explain.exporter_url, "http://[::1]:1");
  EXPECT_EQ(std::get<CommandLine>(parse({"plan", "--sample=7"})).sample, 7);
  EXPECT_EQ(std::get<CommandLine>(parse({"doctor", "--customer=x"})).customer, "x");
}

TEST(CommandLine, TellsTheVersion) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"--version"}, {"--config.check", "--version"}}) {
    const auto parsed = parse(arguments);
    EXPECT_EQ(std::get<Farewell>(parsed).text, "version text\n");
    EXPECT_EQ(std::get<Farewell>(parsed).exit_status, 0);
  }
}

TEST(CommandLine, HelpsWithEveryFlagAndCommand) {
  for (const char* flag : {"--help", "-h"}) {
    const auto parsed = parse({flag});
    const auto& farewell = std::get<Farewell>(parsed);
    EXPECT_EQ(farewell.exit_status, 0);
    for (const char* name : {"--config.file=FILE",
                             "--config.check",
                             "--web.listen-address=ADDR",
                             "--web.config.file=FILE",
                             "--web.telemetry-path=PATH",
                             "--web.max-requests=N",
                             "--storage.path=DIR",
                             "--log.level=LEVEL",
                             "--log.format=FORMAT",
                             "--shard=N",
                             "--total-shards=M",
                             "--version",
                             "--help",
                             "metrics",
                             "healthcheck",
                             "check",
                             "login",
                             "doctor",
                             "plan",
                             "explain"}) {
      EXPECT_THAT(farewell.text, HasSubstr("\n  " + std::string(name) + " ")) << name;
    }
    for (const char* fallback :
         {"partner_center.yml", ":10365", "/metrics", "40", "info", "logfmt"}) {
      EXPECT_THAT(farewell.text, HasSubstr("Default: " + std::string(fallback) + "\n"));
    }
  }
}

TEST(CommandLine, HelpsOnLinesThatFitATerminal) {
  const std::string text = help_text();
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    EXPECT_LE(end - start, 110U) << text.substr(start, end - start);
    start = end + 1;
  }
}

}  // namespace
}  // namespace pce
