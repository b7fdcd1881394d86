#pragma once
// GUIDs. Source: RFC 9562.
#include <string>
#include <string_view>

namespace pce {

// A name for a call or a round, to be found again in Microsoft's logs. Can be guessed: no secret.
std::string new_guid();

// Of 16 bytes; six bits of them give way to version and variant. Version 4: the bytes are random;
// 8: they are what somebody made of something.
std::string guid_of(std::string_view bytes, char version = '4');

}  // namespace pce
