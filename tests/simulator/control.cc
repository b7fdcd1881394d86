#include "tests/simulator/control.h"

#include <array>

#include <fmt/format.h>

#include "tests/simulator/control_answer.h"
#include "tests/simulator/control_tokens.h"

namespace simulator {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

Response done(const std::string& problem) {
  return problem.empty() ? show({{"ok", true}}) : complaint(400, problem);
}

ordered_json clock_json(const Clock& clock) {
  return {{"now", spell(clock.now(), DateSpelling::kZuluFraction)}, {"speed", clock.speed()}};
}

Response set_clock(const json& object, Clock& clock) {
  if (!object.is_object()) return complaint(400, "the body is not a JSON object");
  std::optional<std::chrono::milliseconds> advance;
  std::optional<double> speed;
  for (const auto& [key, value] : object.items()) {
    if (key == "advance") {
      advance = value.is_string() ? parse_duration(value.get<std::string>()) : std::nullopt;
      if (!advance)
        return complaint(400, "advance: wanted a duration such as \"1h\", found " + value.dump());
    } else if (key == "speed") {
      if (!value.is_number() || value.get<double>() <= 0 || value.get<double>() > 100'000) {
        return complaint(400,
                         "speed: wanted a number above 0 and up to 100000, found " + value.dump());
      }
      speed = value.get<double>();
    } else {
      return complaint(400, key + ": there is no such member; there are advance and speed");
    }
  }
  if (speed) clock.set_speed(*speed);
  if (advance) clock.advance(*advance);
  return show(clock_json(clock));
}

Response show_log(const Request& request, const World& world) {
  std::int64_t last = 1000;
  if (const auto text = find_field(request.arguments, "last")) {
    const auto number = parse_integer(*text);
    if (!number || *number < 0) return complaint(400, "last: wanted a number from 0");
    last = *number;
  }
  const auto operation = find_field(request.arguments, "operation").value_or("");
  return show(world.log.describe(static_cast<std::size_t>(last), operation));
}

ordered_json show_estate(const Request& request, const World& world) {
  const auto estate = world.estate.get();
  std::size_t listed = 0;
  ordered_json customers = ordered_json::array();
  const bool details = find_field(request.arguments, "customers").has_value();
  for (std::size_t number = 0; number < estate->numbers(); ++number) {
    if (!estate->listed(number)) continue;
    ++listed;
    if (!details) continue;
    const Customer customer = estate->customer(number);
    ordered_json one;
    one["id"] = customer.id;
    one["name"] = customer.name;
    one["reseller"] = nullptr;
    if (customer.reseller >= 0)
      one["reseller"] = resellers()[static_cast<std::size_t>(customer.reseller)].id;
    one["products"] = ordered_json::array();
    for (const Holding& holding : customer.holdings) {
      ordered_json product;
      product["name"] = holding.product;
      product["service"] = holding.service_code;
      product["channel"] = holding.channel;
      product["sold"] = holding.sold;
      product["deployed"] = holding.deployed;
      product["usage"] = ordered_json::array();
      for (const Usage& usage : holding.usage) {
        product["usage"].push_back({{"workload", usage.workload.name},
                                    {"active", usage.active},
                                    {"qualified", usage.qualified}});
      }
      one["products"].push_back(std::move(product));
    }
    customers.push_back(std::move(one));
  }
  ordered_json out;
  out["customers_listed"] = listed;
  out["deployment_rows"] = estate->rows(Dataset::kDeployment);
  out["usage_rows"] = estate->rows(Dataset::kUsage);
  out["list_emptied"] = estate->list_emptied();
  out["data_emptied"] = estate->data_emptied();
  out["generation"] = estate->generation();
  out["generation_in_rows"] = estate->generation_in_rows();
  if (details) out["customers"] = std::move(customers);
  return out;
}

void reset(World& world) {
  world.faults.clear();
  world.estate.update([&](Estate& estate) {
    estate = Estate(world.shape);
    return true;
  });
  world.settings.reset();
  world.identity.reset();
  world.throttle.reset();
  world.log.reset();
  world.waiting.wake_all();
}

}  // namespace

Response control(const Request& request, World& world) {
  const bool get = request.method == "GET" || request.method == "HEAD";
  const bool post = request.method == "POST";
  const std::string& path = request.path;
  if (path == "/_sim/log" && get) return show_log(request, world);
  if (path == "/_sim/log" && request.method == "DELETE") {
    world.log.reset();
    return done("");
  }
  if (path == "/_sim/faults" && get) return show({{"rules", world.faults.describe()}});
  if (path == "/_sim/faults" && request.method == "DELETE") {
    world.faults.clear();
    world.waiting.wake_all();
    return done("");
  }
  if (path == "/_sim/settings" && get) return show(describe(world.settings.get()));
  if (path == "/_sim/clock" && get) return show(clock_json(world.clock));
  if (path == "/_sim/estate" && get) return show(show_estate(request, world));
  if (path == "/_sim/reset" && post) {
    reset(world);
    return done("");
  }
  static constexpr std::array<std::string_view, 5> kPosts{
      "/_sim/faults", "/_sim/settings", "/_sim/clock", "/_sim/estate", "/_sim/tokens"};
  const bool known = std::find(kPosts.begin(), kPosts.end(), path) != kPosts.end() ||
                     path == "/_sim/log" || path == "/_sim/reset";
  if (!known)
    return complaint(404, "there are /_sim/log, faults, settings, clock, estate, tokens and reset");
  if (!post || path == "/_sim/log") return complaint(405, "the method is not for this path");
  const json object = json::parse(request.body, nullptr, false);
  if (object.is_discarded()) return complaint(400, "the body is not JSON");
  if (path == "/_sim/faults") return done(world.faults.add(object));
  if (path == "/_sim/settings") return done(world.settings.apply(object));
  if (path == "/_sim/clock") return set_clock(object, world.clock);
  if (path == "/_sim/tokens") return control_tokens(object, world);
  return done(edit_estate(object, world.estate));
}

}  // namespace simulator
