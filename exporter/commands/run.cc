#include "exporter/commands/run.h"

#include <csignal>
#include <cstdio>
#include <functional>
#include <future>
#include <iterator>
#include <malloc.h>
#include <memory>
#include <optional>
#include <pthread.h>
#include <stop_token>
#include <thread>
#include <vector>

#include <prometheus/registry.h>

#include "exporter/commands/account.h"
#include "exporter/commands/credential_check.h"
#include "exporter/commands/customer_privacy.h"
#include "exporter/commands/service_manager.h"
#include "exporter/commands/version.h"
#include "exporter/commands/watchdog.h"
#include "exporter/commands/web_front.h"
#include "exporter/exposition/scrape.h"
#include "exporter/settings/message_text.h"
#include "exporter/settings/settings.h"
#include "exporter/store/answer_keeper.h"
#include "exporter/telemetry/log.h"
#include "exporter/telemetry/storage_telemetry.h"
#include "exporter/telemetry/target_telemetry.h"
#include "exporter/web/http_server.h"
#include "exporter/web/routes.h"

namespace pce {
namespace {

// With a poller that is overdue by more than this the process is not healthy.
constexpr std::chrono::seconds kPatience{90};

LogLevel log_level(CommandLine::LogLevel level) {
  switch (level) {
    case CommandLine::LogLevel::kDebug:
      return LogLevel::kDebug;
    case CommandLine::LogLevel::kInfo:
      return LogLevel::kInfo;
    case CommandLine::LogLevel::kWarn:
      return LogLevel::kWarn;
    case CommandLine::LogLevel::kError:
      return LogLevel::kError;
  }
  return LogLevel::kInfo;
}

// Blocked before the first thread starts, so that every thread inherits it and only sigwait() sees
// them. A broken pipe or a full disk is an error of the call that meets it, not the end of the
// process.
sigset_t block_signals() {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ours, signal);
  pthread_sigmask(SIG_BLOCK, &ours, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return ours;
}

// All threads share one heap. With one each, as glibc has it, the rows that a thread read and a
// later round replaced would make room for that thread only: several times the memory of what is
// kept. And what is large (pages, rows on their way, prepared bodies) is mapped by itself, however
// large the last one was, and so given back when it is done with.
void share_one_heap() {
#ifdef __GLIBC__
  constexpr int kLarge = 256 * 1024;
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, kLarge);
#endif
}

// Returns when we are to end.
void wait_for_the_end(const sigset_t& signals,
                      const std::vector<std::unique_ptr<Account>>& accounts) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal == SIGHUP) {
      log_warn(
          "Received SIGHUP: accounts that wait for a human try again; reloading the configuration "
          "is not supported yet, restart to apply changes");
      for (const auto& account : accounts) account->tokens().try_again();
      continue;
    }
    log_info(signal == SIGTERM ? "Received SIGTERM, exiting" : "Received SIGINT, exiting");
    return;
  }
}

// What an account waits for; empty: nothing.
std::string waited_for(Account& account) {
  const TokenStatus token = account.tokens().status();
  if (needs_a_human(token.state)) {
    return account.name() + ": " + name_of(token.state) + " (" + token.reason +
           "): " + token.message + ". Run: " + token.command;
  }
  if (!account.poller().has_tried()) return account.name() + ": its first round has not ended yet";
  return {};
}

Readiness readiness(const std::vector<std::unique_ptr<Account>>& accounts) {
  Readiness readiness{.ready = true};
  for (const auto& account : accounts) {
    const std::string reason = waited_for(*account);
    if (reason.empty()) continue;
    readiness.ready = false;
    readiness.reason += (readiness.reason.empty() ? "" : "\n") + reason;
  }
  return readiness;
}

// What outlives the process. Nothing of it exists without --storage.path.
struct Storage {
  Storage(const std::filesystem::path& folder, Clock& clock, prometheus::Registry& registry,
          std::optional<Seal> seal)
      : telemetry(registry), keeper(folder, clock, telemetry, std::move(seal)) {}

  // Before the first round: each account shows what was kept of it.
  void resume(const std::vector<std::unique_ptr<Account>>& accounts, WallTime oldest) {
    std::vector<StoredAnswer> kept = keeper.recall(oldest);
    for (const auto& account : accounts) {
      std::vector<StoredAnswer> of_account;
      for (StoredAnswer& answer : kept) {
        if (answer.account == account->name()) of_account.push_back(std::move(answer));
      }
      account->poller().resume(std::move(of_account), telemetry);
    }
  }

  StorageTelemetry telemetry;
  AnswerKeeper keeper;
};

// A scrape that comes while kept answers are read waits for them: without them Prometheus would
// see every series end.
constexpr std::chrono::seconds kScrapeWaits{10};

std::vector<HttpServer::Address> addresses_of(const CommandLine& command_line) {
  std::vector<HttpServer::Address> addresses;
  for (const auto& [host, port] : command_line.listen_addresses)
    addresses.push_back({.host = host, .port = port});
  return addresses;
}

TargetFigures figures_of(const TargetSettings& targets) {
  return {.deployment_percent = static_cast<double>(targets.deployment_percent),
          .usage_percent = static_cast<double>(targets.usage_percent),
          .spare_licenses = static_cast<double>(targets.spare_licenses),
          .sold_drop_percent = static_cast<double>(targets.sold_drop_percent),
          .owner = targets.owner,
          .ignored_products = targets.ignored_products};
}

HttpServerEvents server_events(ProcessTelemetry& telemetry) {
  return {.library_line =
              [](std::string_view line) {
                log_debug("HTTP server", {{"detail", line}});
              },
          .handler_failed =
              [](std::string_view what) {
                log_error("A request failed", {{"error", what}});
              },
          .refused =
              [&telemetry](int status, std::string_view reason) {
                telemetry.http_request("other", status);
                log_debug("Request refused", {{"status", status}, {"reason", reason}});
              },
          .cut = [&telemetry](CutReason reason) { telemetry.http_connection_cut(name_of(reason)); },
          .connections = [&telemetry](int change) { telemetry.http_connections(change); },
          .answers = [&telemetry](int change) { telemetry.http_requests_in_flight(change); }};
}

}  // namespace

int run(const CommandLine& command_line) {
  share_one_heap();
  const sigset_t signals = block_signals();
  set_up_log(log_level(command_line.log_level),
             command_line.log_format == CommandLine::LogFormat::kJson ? LogFormat::kJson
                                                                      : LogFormat::kLogfmt);
  const auto settings = load_settings(command_line.config_file);
  if (!settings) {
    std::fprintf(stderr, "%s\n", settings.error().message.c_str());
    return 2;
  }
  auto privacy = customer_privacy(settings->metrics);
  if (!privacy) {
    std::fprintf(stderr, "%s\n", privacy.error().message.c_str());
    return 2;
  }
  SystemClock clock;
  const CredentialFindings findings = check_credentials(*settings, clock.wall());
  if (!findings.mistakes.empty()) {
    const std::string file = path_text(command_line.config_file);
    std::fprintf(stderr, "%s\n", settings_error(file, findings.mistakes).message.c_str());
    return 2;
  }
  auto front = web_front(command_line.web_config_file, clock);
  if (!front) {
    std::fprintf(stderr, "%s\n", front.error().message.c_str());
    return 2;
  }
  const bool tls = static_cast<bool>(front->tls);
  const BuildInfo build = build_info();
  log_info("Starting partner_center_exporter", {{"version", build.version},
                                                {"revision", build.revision},
                                                {"config", command_line.config_file.string()}});

  prometheus::Registry registry;
  ProcessTelemetry telemetry(registry, build, clock.wall());
  telemetry.http_cut_reasons(cut_reasons());
  telemetry.config_loaded(clock.wall());
  LabelPool labels;
  SnapshotStore store(static_cast<std::size_t>(settings->limits.series));
  telemetry.series_limit(settings->limits.series);
  show_targets(registry, figures_of(settings->targets));
  telemetry.before_collect([&] {
    const SeriesCount count = store.series();
    telemetry.series(count.shown, count.left_out, count.customers_left_out);
  });
  std::optional<Storage> storage;
  if (command_line.storage_path)
    storage.emplace(*command_line.storage_path, clock, registry, std::move(privacy->seal));
  std::vector<std::unique_ptr<Account>> accounts;
  for (const AccountSettings& account : settings->accounts) {
    accounts.push_back(std::make_unique<Account>(
        Account::House{build.version, clock, labels, store, registry, telemetry,
                       command_line.config_file, storage ? &storage->keeper : nullptr,
                       privacy->naming},
        account, *settings));
    const Status begun = accounts.back()->entra().begin();
    if (!begun) {
      std::fprintf(stderr, "account %s: %s\n", account.name.c_str(), begun.error().message.c_str());
      return 2;
    }
  }

  std::vector<Watched> watched;
  for (const auto& account : accounts) watched.push_back({account->name(), &account->heart()});
  std::vector<const Explainer*> explainers;
  for (const auto& account : accounts) explainers.push_back(&account->explainer());
  std::vector<std::string> partners;
  for (const AccountSettings& account : settings->accounts) partners.push_back(account.name);

  Scraper scraper(store, telemetry, settings->metrics.prefix);
  std::promise<void> resumed;
  const std::shared_future<void> has_resumed = resumed.get_future().share();
  const Routes routes(
      {.telemetry_path = command_line.telemetry_path,
       .version = build.version + " (revision " + build.revision + ")",
       .partners = std::move(partners),
       .scrape =
           [&](const ScrapeRequest& request) {
             has_resumed.wait_for(kScrapeWaits);
             return scraper.answer(request);
           },
       .ready = [&] { return readiness(accounts); },
       .ailing = [&] { return who_hangs(watched, kPatience); },
       .explain =
           [&](const CustomerQuestion& question) { return explain_customer(question, explainers); },
       .count = [&](std::string_view handler, int code) { telemetry.http_request(handler, code); },
       .scrapes_at_once = command_line.max_requests});
  const auto server = HttpServer::start(
      addresses_of(command_line), [&](const WebRequest& request) { return routes.answer(request); },
      {}, server_events(telemetry), *std::move(front));
  if (!server) {
    log_error("Cannot listen", {{"error", server.error().message}});
    return 1;
  }
  for (const auto& [host, port] : (*server)->bound_addresses()) {
    const std::string address = listen_address_text({.host = host, .port = port});
    log_info(tls ? "TLS is enabled" : "TLS is disabled", {{"http2", false}, {"address", address}});
    log_info("Listening on", {{"address", address}});
  }

  if (storage) storage->resume(accounts, clock.wall() - settings->stale_after);
  resumed.set_value();

  std::jthread keeping;  // ends last, when nobody has anything more to keep
  if (storage) keeping = std::jthread([&](std::stop_token stop) { storage->keeper.run(stop); });
  const ServiceManager manager = ServiceManager::of_environment();
  std::vector<std::jthread> duties;
  const auto begin = [&duties](const char* name, std::function<void(std::stop_token)> duty) {
    duties.emplace_back(std::move(duty));
    pthread_setname_np(duties.back().native_handle(), name);
  };
  begin("scraper", [&scraper](std::stop_token stop) { scraper.run(stop); });
  for (const auto& account : accounts) {
    account->heart().beat();
    AccountPoller& poller = account->poller();
    begin("poller", [&poller](std::stop_token stop) { poller.run(stop); });
    begin("age", [&poller, &clock](std::stop_token stop) { poller.watch_age(clock, stop); });
    EntraTokenSource& entra = account->entra();
    begin("token", [&entra](std::stop_token stop) { entra.store_when_possible(stop); });
  }
  begin("watchdog", [&](std::stop_token stop) { feed_watchdog(manager, watched, clock, stop); });
  manager.tell("READY=1");
  wait_for_the_end(signals, accounts);
  manager.tell("STOPPING=1");
  for (std::jthread& duty : duties) duty.request_stop();
  return 0;
}

}  // namespace pce
