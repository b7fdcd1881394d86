#pragma once
// Notices that a file was changed or replaced, without reading it.
#include <filesystem>
#include <string>

namespace pce {

// Two stamps of one path differ when the file was written, replaced, or appeared or vanished in
// between. Follows links, as Kubernetes' volumes swap them.
std::string file_stamp(const std::filesystem::path& path);

}  // namespace pce
