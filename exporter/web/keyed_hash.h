#pragma once
// HMAC-SHA256 over several fields. Source: RFC 2104.
#include <initializer_list>
#include <string>
#include <string_view>

#include "exporter/base/secret.h"

namespace pce {

// 32 bytes. Each field goes in with its length in front: two lists of fields have the same hash
// only when they are the same, wherever one field ends and the next begins.
std::string keyed_hash(const Secret& key, std::initializer_list<std::string_view> fields);

}  // namespace pce
