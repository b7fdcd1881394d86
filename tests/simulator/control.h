#pragma once
// /_sim/…: the simulator's own interface. README.md lists it.
#include "tests/simulator/service.h"

namespace simulator {

// The answer to a path that starts with /_sim.
Response control(const Request& request, World& world);

// Applies {"remove": […], "rename": {…}, …} as a whole or not at all; the complaint, or nothing.
std::string edit_estate(const nlohmann::json& object, EstateHolder& estate);

}  // namespace simulator
