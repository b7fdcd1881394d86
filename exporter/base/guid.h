#pragma once
// Random GUIDs (version 4).
#include <string>
#include <string_view>

namespace pce {

// A name for a call or a round, to be found again in Microsoft's logs. Can be guessed: no secret.
std::string new_guid();

// Of 16 random bytes; six bits of them give way to version and variant.
std::string guid_of(std::string_view bytes);

}  // namespace pce
