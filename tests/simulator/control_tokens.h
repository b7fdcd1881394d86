#pragma once
// POST /_sim/tokens: revokes, makes and examines tokens without a sign-in.
#include "tests/simulator/service.h"

namespace simulator {

// {"revoke": "access" | "refresh"}, {"change_password": true}, {"inspect": TOKEN} or {"issue":
// {…}}.
Response control_tokens(const nlohmann::json& object, World& world);

}  // namespace simulator
