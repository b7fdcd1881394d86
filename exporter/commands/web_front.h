#pragma once
// --web.config.file, read and made into what stands before our pages.
#include <filesystem>
#include <optional>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/web/http_server.h"

namespace pce {

// Without a file: plain HTTP for everybody. Logs what is allowed there and hardly meant, and later
// each renewal of a certificate or of the file, and why there was none. Borrows `clock`. Errors:
// kSettings, one line a mistake.
Result<HttpServerFront> web_front(const std::optional<std::filesystem::path>& file,
                                  const Clock& clock);

}  // namespace pce
