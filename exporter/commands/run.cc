#include "exporter/commands/run.h"

#include <csignal>
#include <cstdio>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <pthread.h>
#include <stop_token>
#include <thread>
#include <vector>

#include <prometheus/registry.h>

#include "exporter/commands/account.h"
#include "exporter/commands/configuration.h"
#include "exporter/commands/fleet.h"
#include "exporter/commands/fleet_state.h"
#include "exporter/commands/heap.h"
#include "exporter/commands/listening.h"
#include "exporter/commands/reload.h"
#include "exporter/commands/service_manager.h"
#include "exporter/commands/site_state.h"
#include "exporter/commands/version.h"
#include "exporter/commands/watchdog.h"
#include "exporter/commands/web_front.h"
#include "exporter/exposition/scrape.h"
#include "exporter/settings/settings.h"
#include "exporter/store/answer_keeper.h"
#include "exporter/telemetry/log.h"
#include "exporter/telemetry/storage_telemetry.h"
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

// Returns when we are to end.
void wait_for_the_end(const sigset_t& signals, Fleet& fleet, Reload& reload) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal == SIGHUP) {
      log_info(
          "Received SIGHUP: reloading the configuration, and accounts that wait for a human try "
          "again");
      for (const auto& account : fleet.accounts()) account->tokens().try_again();
      static_cast<void>(reload.now());  // which says itself how it went
      continue;
    }
    log_info(signal == SIGTERM ? "Received SIGTERM, exiting" : "Received SIGINT, exiting");
    return;
  }
}

ReloadOutcome outcome_of(const std::optional<Status>& reloaded) {
  using Kind = ReloadOutcome::Kind;
  if (!reloaded) return {.kind = Kind::kBusy};
  if (!*reloaded) return {.kind = Kind::kRefused, .reason = reloaded->error().message};
  return {.kind = Kind::kDone};
}

// What outlives the process. Nothing of it exists without --storage.path.
struct Storage {
  Storage(const std::filesystem::path& folder, Clock& clock, prometheus::Registry& registry,
          std::optional<Seal> seal)
      : telemetry(registry), keeper(folder, clock, telemetry, std::move(seal)) {}

  // Before the first round: each account shows what was kept of it.
  void resume(const std::vector<std::shared_ptr<Account>>& accounts, WallTime oldest) {
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
  SystemClock clock;
  auto configuration = load_configuration(command_line.config_file, clock.wall());
  if (!configuration) {
    std::fprintf(stderr, "%s\n", configuration.error().message.c_str());
    return 2;
  }
  const Settings& settings = configuration->settings;
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
  telemetry.config_loaded(clock.wall(), configuration->digest);
  if (tls) {
    telemetry.before_collect([&telemetry, current = front->tls] {
      telemetry.web_certificate_ends(current()->not_after());
    });
  }
  LabelPool labels;
  SnapshotStore store;
  telemetry.series_limit(settings.limits.series);
  telemetry.before_collect([&] {
    const SeriesCount count = store.series();
    telemetry.series(count.shown, count.left_out, count.customers_left_out);
  });
  std::optional<Storage> storage;
  if (command_line.storage_path)
    storage.emplace(*command_line.storage_path, clock, registry, configuration->privacy.seal);
  Fleet fleet({build.version, clock, labels, store, command_line.config_file,
               storage ? &storage->keeper : nullptr, configuration->privacy.naming});
  if (const Status begun = fleet.apply(settings); !begun) {
    std::fprintf(stderr, "%s\n", begun.error().message.c_str());
    return 2;
  }
  telemetry.collect_also([&fleet] { return fleet.collect(); });
  const WallTime oldest = clock.wall() - settings.stale_after;
  const std::string prefix = settings.metrics.prefix;
  const ServiceManager manager = ServiceManager::of_environment();
  Reload reload({command_line.config_file, fleet, telemetry, clock, manager},
                *std::move(configuration));

  SiteState site(fleet, store, clock, build.version + " (revision " + build.revision + ")");
  Scraper scraper(store, telemetry, prefix);
  std::promise<void> resumed;
  const std::shared_future<void> has_resumed = resumed.get_future().share();
  const Routes routes(
      {.telemetry_path = command_line.telemetry_path,
       .partners = [&] { return names_of(fleet); },
       .scrape =
           [&](const ScrapeRequest& request) {
             has_resumed.wait_for(kScrapeWaits);
             return scraper.answer(request);
           },
       .ready = [&] { return readiness(fleet); },
       .ailing = [&] { return hanging(fleet, kPatience); },
       .status = [&] { return site.status(); },
       .config = [&] { return site.config(); },
       .explain = [&](const CustomerQuestion& question) { return explained(fleet, question); },
       .reload = [&] { return outcome_of(reload.now_unless_busy()); },
       .count = [&](std::string_view handler, int code) { telemetry.http_request(handler, code); },
       .scrapes_at_once = command_line.max_requests});
  auto sockets = listen_sockets(command_line);
  if (!sockets) {
    log_error("Cannot listen", {{"error", sockets.error().message}});
    return 1;
  }
  const auto server = HttpServer::start_on(
      *std::move(sockets), [&](const WebRequest& request) { return routes.answer(request); }, {},
      server_events(telemetry), *std::move(front));
  if (!server) {
    log_error("Cannot listen", {{"error", server.error().message}});
    return 1;
  }
  for (const ListenAddress& bound : (*server)->bound_addresses()) {
    const std::string address = listen_address_text(bound);
    log_info(tls ? "TLS is enabled" : "TLS is disabled", {{"http2", false}, {"address", address}});
    log_info("Listening on", {{"address", address}});
  }

  if (storage) storage->resume(fleet.accounts(), oldest);
  resumed.set_value();

  std::jthread keeping;  // ends last, when nobody has anything more to keep
  if (storage) keeping = std::jthread([&](std::stop_token stop) { storage->keeper.run(stop); });
  std::vector<std::jthread> duties;
  const auto begin = [&duties](const char* name, std::function<void(std::stop_token)> duty) {
    duties.emplace_back(std::move(duty));
    pthread_setname_np(duties.back().native_handle(), name);
  };
  begin("scraper", [&scraper](std::stop_token stop) { scraper.run(stop); });
  fleet.start();
  begin("watchdog", [&](std::stop_token stop) {
    const auto who_hangs = [&fleet](auto patience) { return hanging(fleet, patience); };
    feed_watchdog(manager, who_hangs, clock, stop);
  });
  manager.tell("READY=1");
  wait_for_the_end(signals, fleet, reload);
  manager.tell("STOPPING=1");
  for (std::jthread& duty : duties) duty.request_stop();
  fleet.stop();
  return 0;
}

}  // namespace pce
