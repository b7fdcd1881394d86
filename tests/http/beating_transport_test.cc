#include "exporter/http/beating_transport.h"

#include "tests/support/fake_clock.h"
#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using std::chrono::seconds;

TEST(BeatingTransport, IsOverdueOnceACallLastsLongerThanItsTimeout) {
  FakeClock clock;
  Heart heart(clock);
  std::vector<SteadyTime::duration> overdue;
  ScriptedTransport network([&](const HttpRequest&) {
    for (const int lasts : {119, 2}) {
      clock.advance(seconds(lasts));
      overdue.push_back(heart.overdue());
    }
    return HttpResponse{.status = 200};
  });
  BeatingTransport transport(network, clock, heart);
  const auto answer = transport.send({.url = "http://127.0.0.1:1/", .timeout = seconds(120)}, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(overdue, (std::vector<SteadyTime::duration>{seconds(-1), seconds(1)}));
  EXPECT_EQ(heart.overdue(), seconds(0));
}

}  // namespace
}  // namespace pce
