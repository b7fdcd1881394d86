#pragma once
// Random GUIDs (version 4): names for calls and rounds, to be found again in Microsoft's logs. No
// secrets.
#include <string>

namespace pce {

std::string new_guid();

}  // namespace pce
