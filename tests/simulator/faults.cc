#include "tests/simulator/faults.h"

#include <algorithm>

#include <fmt/format.h>

#include "tests/simulator/dates.h"

namespace simulator {
namespace {

constexpr std::uint64_t kBigBody = 50'000'000;

void take(const Fault& fault, Verdict& verdict) {
  if (fault.answers() && !verdict.answer) verdict.answer = fault;
  if (!fault.variant.is_null()) verdict.variants.push_back(fault.variant);
  verdict.headers.insert(verdict.headers.end(), fault.headers.begin(), fault.headers.end());
  verdict.delay += fault.delay;
  verdict.between_bytes = std::max(verdict.between_bytes, fault.between_bytes);
  verdict.hold |= fault.hold;
  verdict.close |= fault.close;
  verdict.truncate |= fault.truncate;
  verdict.half_body |= fault.half_body;
  verdict.endless |= fault.endless;
  verdict.reprocess |= fault.reprocess;
}

std::string html_page(int status) {
  return fmt::format(
      "<!DOCTYPE html>\r\n<html><head><title>{0}</title></head>\r\n<body><h1>{0} - Service"
      " \"error\"</h1><p>The gateway is not available.</p></body></html>\r\n",
      status);
}

Response shaped(const Fault& fault, int status) {
  if (fault.shape == "E2") return gateway_answer(status, fault.description);
  if (fault.shape == "array") return json_answer(status, "[1,2,3]");
  if (fault.shape == "not_json") return json_answer(status, "{\"items\": [ this is not JSON");
  if (fault.shape == "nested") return json_answer(status, std::string(100'000, '['));
  if (fault.shape == "big") {
    Response response = json_answer(status, "{\"items\":[],\"Value\":[],");
    response.padded_to = fault.bytes.value_or(kBigBody);
    return response;
  }
  if (fault.shape == "html") {
    Response response = json_answer(status, html_page(status));
    response.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    return response;
  }
  if (fault.shape == "E3" || fault.shape == "empty") {
    Response response = json_answer(status, "");
    response.headers.clear();
    return response;
  }
  return error_answer(status,
                      fault.code.is_string() ? fault.code.get<std::string>() : fault.code.dump(),
                      fault.description, !fault.code.is_string());
}

}  // namespace

bool Match::covers(const Call& call) const {
  const Request& request = *call.request;
  return (!path_contains || request.path.find(*path_contains) != std::string::npos) &&
         (!query_contains || request.query.find(*query_contains) != std::string::npos) &&
         (!operation || *operation == call.operation) &&
         (!customer || same_text(*customer, call.customer)) &&
         (!tenant || same_text(*tenant, call.tenant)) && (!method || *method == request.method) &&
         (!continued || *continued == call.continued) && (!grouped || grouped == call.grouped) &&
         (!page || page == call.page) && (!skip || skip == call.skip);
}

bool Fault::answers() const { return status || refusal || body || (shape != "E1"); }

std::string Faults::add(const nlohmann::json& rules) {
  std::vector<Rule> fresh;
  const auto read = [&](const nlohmann::json& object) -> std::string {
    Rule rule;
    std::string problem = read_rule(object, rule);
    fresh.push_back(std::move(rule));
    return problem;
  };
  if (rules.is_array()) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (const auto problem = read(rules[i]); !problem.empty())
        return fmt::format("[{}]: {}", i, problem);
    }
  } else if (auto problem = read(rules); !problem.empty()) {
    return problem;
  }
  const std::scoped_lock lock(mutex_);
  for (Rule& rule : fresh) {
    rule.id = next_id_++;
    rules_.push_back(std::move(rule));
  }
  return "";
}

void Faults::clear() {
  const std::scoped_lock lock(mutex_);
  rules_.clear();
  ++epoch_;
}

std::uint64_t Faults::epoch() const {
  const std::scoped_lock lock(mutex_);
  return epoch_;
}

nlohmann::ordered_json Faults::describe() const {
  const std::scoped_lock lock(mutex_);
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const Rule& rule : rules_) {
    nlohmann::ordered_json one;
    one["id"] = rule.id;
    one["rule"] = rule.source;
    one["matched"] = rule.seen;
    one["hit"] = rule.hit;
    one["times_left"] = nullptr;
    if (rule.times) one["times_left"] = *rule.times;
    out.push_back(std::move(one));
  }
  return out;
}

Verdict Faults::judge(const Call& call) {
  Verdict verdict;
  const std::scoped_lock lock(mutex_);
  verdict.epoch = epoch_;
  for (Rule& rule : rules_) {
    if (!rule.match.covers(call) || (rule.times && *rule.times == 0)) continue;
    // The n-th matching call is hit or spared the same way in every run.
    const std::uint64_t draw = mix(mix(seed_ ^ rule.id) ^ rule.seen++);
    if (static_cast<double>(draw >> 11U) * 0x1p-53 >= rule.share) continue;
    ++rule.hit;
    if (rule.times) --*rule.times;
    take(rule.fault, verdict);
  }
  return verdict;
}

Response fault_answer(const Fault& fault, std::chrono::sys_seconds now) {
  Response response;
  if (fault.refusal) {
    response = refuse(*fault.refusal, now);
    if (fault.status) response.status = *fault.status;
  } else if (fault.body) {
    response = json_answer(fault.status.value_or(200), *fault.body);
  } else if (fault.status == 204) {
    response.status = 204;
  } else if (fault.status == 429 && fault.shape == "E1" && fault.code == "800003") {
    // Throttling speaks the gateway's shape unless a code asks for the other.
    const auto seconds = fault.retry_after.value_or(std::chrono::seconds(57)).count();
    response = gateway_answer(
        429, fault.description == Fault().description
                 ? fmt::format("Rate limit is exceeded. Try again in {} seconds.", seconds)
                 : fault.description);
  } else {
    const bool broken_content = fault.shape == "array" || fault.shape == "not_json" ||
                                fault.shape == "big" || fault.shape == "nested";
    response = shaped(fault, fault.status.value_or(broken_content ? 200 : 500));
  }
  if (fault.retry_after) {
    // A date is whole seconds, so it may ask for up to a second less.
    const std::chrono::seconds rounding(fault.retry_after_as_date ? 1 : 0);
    response.wait = *fault.retry_after - rounding;
    response.headers.emplace_back(
        "Retry-After", fault.retry_after_as_date ? http_date(now + *fault.retry_after)
                                                 : fmt::format("{}", fault.retry_after->count()));
  }
  if (response.status == 401)
    response.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  return response;
}

}  // namespace simulator
