#include "tests/simulator/call_log.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace simulator {
namespace {

using nlohmann::ordered_json;

double milliseconds(std::chrono::steady_clock::duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}

ordered_json call_json(const LoggedCall& call, std::chrono::steady_clock::time_point started) {
  ordered_json out;
  out["number"] = call.number;
  out["operation"] = call.operation;
  out["method"] = call.method;
  out["path"] = call.path;
  out["query"] = call.query;
  out["customer"] = call.customer;
  out["status"] = call.status;
  out["token"] = {{"state", call.token_state},
                  {"kind", call.token_kind},
                  {"tenant", call.tenant},
                  {"audience", call.token_audience}};
  if (!call.grant.empty()) out["grant"] = call.grant;
  out["fault"] = call.fault;
  out["inside_retry_after"] = call.inside_retry_after;
  out["at_ms"] = milliseconds(call.arrived - started);
  out["took_ms"] = milliseconds(call.took);
  out["bytes"] = call.bytes;
  ordered_json headers = ordered_json::object();
  for (const auto& [name, value] : call.headers) headers[name] = value;
  out["headers"] = std::move(headers);
  return out;
}

}  // namespace

CallLog::CallLog() : started_(std::chrono::steady_clock::now()) {}

void CallLog::begin(bool parallel) {
  if (!parallel) return;
  const std::scoped_lock lock(mutex_);
  max_parallel_ = std::max(max_parallel_, ++parallel_);
}

void CallLog::end(bool parallel) {
  if (!parallel) return;
  const std::scoped_lock lock(mutex_);
  --parallel_;
}

void CallLog::add(LoggedCall call) {
  const std::scoped_lock lock(mutex_);
  call.number = ++total_;
  ++by_operation_[call.operation];
  ++by_status_[fmt::format("{}", call.status)];
  if (!call.tenant.empty()) ++by_tenant_[call.tenant];
  if (call.inside_retry_after) ++inside_retry_after_;
  calls_.push_back(std::move(call));
  if (calls_.size() > kKept) calls_.pop_front();
}

void CallLog::reset() {
  const std::scoped_lock lock(mutex_);
  started_ = std::chrono::steady_clock::now();
  calls_.clear();
  total_ = inside_retry_after_ = 0;
  max_parallel_ = parallel_;
  by_operation_.clear();
  by_status_.clear();
  by_tenant_.clear();
}

ordered_json CallLog::describe(std::size_t last, const std::string& operation) const {
  std::vector<LoggedCall> chosen;
  ordered_json counters;
  std::chrono::steady_clock::time_point started;
  {
    const std::scoped_lock lock(mutex_);
    started = started_;
    counters["total"] = total_;
    counters["by_operation"] = by_operation_;
    counters["by_status"] = by_status_;
    counters["by_tenant"] = by_tenant_;
    counters["parallel"] = parallel_;
    counters["max_parallel"] = max_parallel_;
    counters["inside_retry_after"] = inside_retry_after_;
    for (auto call = calls_.rbegin(); call != calls_.rend() && chosen.size() < last; ++call) {
      if (operation.empty() || call->operation == operation) chosen.push_back(*call);
    }
  }
  ordered_json out;
  out["counters"] = std::move(counters);
  out["calls"] = ordered_json::array();
  for (auto call = chosen.rbegin(); call != chosen.rend(); ++call)
    out["calls"].push_back(call_json(*call, started));
  return out;
}

}  // namespace simulator
