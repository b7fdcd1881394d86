#include "exporter/polling/round.h"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <thread>
#include <utility>

#include "exporter/telemetry/log.h"

namespace pce {
namespace {

std::string path_of(const Task& task) {
  std::string path = task.data_set->classic_path;
  constexpr std::string_view kPlace = "{customer}";
  const auto at = path.find(kPlace);
  if (at != std::string::npos && task.customer)
    path.replace(at, kPlace.size(), task.customer->id.text());
  return path;
}

// Codes that say: this customer is not, or no longer, ours. Source: Partner Center REST error
// codes.
bool says_not_ours(const Error& error) {
  return error.api_code == "20002" || error.api_code == "60002" || error.api_code == "60003";
}

std::string rejections(const Decoded& decoded) {
  std::string text;
  for (const auto& [reason, count] : decoded.rows_rejected) {
    if (!text.empty()) text += ' ';
    text += reason + "=" + std::to_string(count);
  }
  return text;
}

}  // namespace

std::vector<TaskOutcome> Round::run(const std::vector<Task>& tasks, int concurrency,
                                    std::stop_token stop) {
  std::vector<TaskOutcome> outcomes(tasks.size());
  std::atomic<std::size_t> next = 0;
  std::stop_source give_up;
  const std::stop_callback forward(stop, [&] { give_up.request_stop(); });
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks.size() && !give_up.stop_requested(); i = next++) {
      outcomes[i] = read(tasks[i], give_up.get_token());
      outcomes[i].end = parts_.clock.steady();
      if (outcomes[i].error && outcomes[i].error->kind == ErrorKind::kUnauthorized)
        give_up.request_stop();
    }
  };
  {
    std::vector<std::jthread> workers;
    const auto count = std::min(tasks.size(), static_cast<std::size_t>(concurrency));
    for (std::size_t i = 0; i < count; ++i) workers.emplace_back(work);
  }
  parts_.publisher.flush();
  return outcomes;
}

Result<Decoded> Round::fetch(const Task& task, std::stop_token stop) {
  const DataSet& data_set = *task.data_set;
  const std::string path = path_of(task);
  for (int attempt = 1;; ++attempt) {
    auto body = parts_.client.get(
        {.operation = data_set.collector, .path = path, .correlation_id = correlation_id_}, stop);
    if (!body) return std::move(body).error();
    auto decoded =
        data_set.decode(*body, task.customer ? &task.customer->id : nullptr, parts_.labels);
    if (decoded) return decoded;
    parts_.telemetry.api_failure(data_set.collector, decoded.error().kind);
    // A body broken on its way is whole the next time; one that is broken twice is what they send.
    if (attempt == 2) return with_context(std::move(decoded).error(), data_set.collector);
  }
}

TaskOutcome Round::read(const Task& task, std::stop_token stop) {
  using Kind = TaskOutcome::Kind;
  const DataSet& data_set = *task.data_set;
  auto decoded = fetch(task, stop);
  if (!decoded) {
    Error error = std::move(decoded).error();
    if (error.kind == ErrorKind::kCancelled) return {};
    log_debug("Call failed", {{"partner", task.key.partner},
                              {"collector", data_set.collector},
                              {"customer_id", task.key.customer_id},
                              {"reason", name_of(error.kind)},
                              {"error", error.message},
                              {"correlation_id", error.correlation_id}});
    return {.kind = says_not_ours(error) ? Kind::kUnavailable : Kind::kFailed,
            .error = std::move(error)};
  }
  for (const auto& [reason, count] : decoded->rows_rejected) {
    parts_.telemetry.rows_rejected(data_set.collector, reason, count);
  }
  parts_.telemetry.rows_merged(data_set.collector, decoded->rows_merged);
  if (decoded->records.empty()) {
    if (decoded->rows > 0) {
      return {.kind = Kind::kFailed,
              .rows = decoded->rows,
              .error = Error{.kind = ErrorKind::kMalformed,
                             .message = std::string(data_set.collector) + ": none of the " +
                                        std::to_string(decoded->rows) +
                                        " rows could be shown: " + rejections(*decoded)}};
    }
    if (task.has_rows) {
      parts_.telemetry.empty_answer(data_set.collector);
      return {.kind = Kind::kEmpty};
    }
  }

  std::string name = task.customer ? task.customer->name : std::string();
  if (task.customer && name.empty()) name = decoded->customer_name;
  if (task.customer && name.empty()) name = task.customer->id.text();
  const std::size_t rows = decoded->rows;
  parts_.publisher.add(Slice{.key = task.key,
                             .partner = parts_.labels.intern(task.key.partner),
                             .customer = parts_.labels.intern(name),
                             .customer_id = parts_.labels.intern(task.key.customer_id),
                             .records = std::move(decoded->records),
                             .processed = std::move(decoded->processed),
                             .fetched = parts_.clock.wall()});
  return {.kind = Kind::kRead, .rows = rows};
}

}  // namespace pce
