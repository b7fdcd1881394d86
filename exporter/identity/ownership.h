#pragma once
// Files that root makes in another user's place.
#include <filesystem>

namespace pce {

// Where we may (as root: a `login` with sudo for a service of its own user), the open `file`
// becomes the property of whoever owns `like`; where we may not, it stays ours, which we can read
// too.
void give_to_owner_of(const std::filesystem::path& like, int file);

}  // namespace pce
