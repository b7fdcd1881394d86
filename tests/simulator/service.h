#pragma once
// The simulated service: one request in, one response out, after the latency and delays it
// deserves. Any thread; a call blocks the thread it came on.
#include <chrono>
#include <string>

#include "tests/simulator/call_log.h"
#include "tests/simulator/clock.h"
#include "tests/simulator/commercial_rows.h"
#include "tests/simulator/estate.h"
#include "tests/simulator/faults.h"
#include "tests/simulator/identity_platform.h"
#include "tests/simulator/message.h"
#include "tests/simulator/route.h"
#include "tests/simulator/settings.h"
#include "tests/simulator/throttle.h"
#include "tests/simulator/waiting.h"

namespace simulator {

// Everything that can be looked at and changed from outside, too.
struct World {
  World(EstateShape shape, Settings initial_settings, Registration registration,
        std::string refresh_token, double speed);

  Clock clock;
  const EstateShape shape;
  EstateHolder estate;
  SettingsHolder settings;
  Faults faults;
  IdentityPlatform identity;
  Throttle throttle;
  CallLog log;
  Waiting waiting;
  RowCounts row_counts;
};

class Service {
 public:
  explicit Service(World& world) : world_(world) {}
  Response handle(const Request& request);

 private:
  struct Caller {
    TokenState state = TokenState::kNone;
    AccessToken token;
  };
  Response decide(const Request& request, const Route& route, const Caller& caller,
                  const Settings& settings, LoggedCall& logged);
  Response answer(const Request& request, const Route& route, const Caller& caller,
                  const Settings& settings, const Spelling& spelling);
  Response about_customer(const Request& request, const Route& route, const Estate& estate,
                          const Settings& settings, const Spelling& spelling);

  World& world_;
};

}  // namespace simulator
