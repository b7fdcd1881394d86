#include "exporter/commands/call_meter.h"

#include <prometheus/registry.h>

#include "exporter/telemetry/api_telemetry.h"

namespace pce {
namespace {

using Seconds = std::chrono::duration<double>;

TEST(CallMeter, TellsCallsAndTheirTimeByOperation) {
  prometheus::Registry registry;
  ApiTelemetry ours(registry, "contoso", {"customers", "token"});
  ApiTelemetry theirs(registry, "fabrikam", {"customers", "token"});
  CallMeter meter(registry, "contoso");
  EXPECT_EQ(meter.take("customers").calls, 0U);
  EXPECT_EQ(meter.take("customers").each(), Seconds(0));

  ours.api_call("customers", 200, Seconds(1));
  ours.api_call("customers", 500, Seconds(2));
  ours.api_call("token", 200, Seconds(8));
  theirs.api_call("customers", 200, Seconds(64));
  EXPECT_EQ(meter.all().at("customers").calls, 2U);
  EXPECT_EQ(meter.take("customers").each(), Seconds(1.5));

  ours.api_call("customers", 200, Seconds(0.25));
  const CallCost since = meter.take("customers");
  EXPECT_EQ(since.calls, 1U);
  EXPECT_EQ(since.time, Seconds(0.25));
  EXPECT_EQ(meter.all().at("token").time, Seconds(8));
}

}  // namespace
}  // namespace pce
