#pragma once
// The user's web browser.
#include <string>

namespace pce {

// Whether this session has a screen a browser could appear on.
bool has_screen();

// Hands `address` to xdg-open, which outlives us; false where there is none.
bool open_browser(const std::string& address);

}  // namespace pce
