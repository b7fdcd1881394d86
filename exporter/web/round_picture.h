#pragma once
// The last rounds of a collector as a picture: an SVG of a few hundred bytes.
#include <span>

#include "exporter/polling/status_board.h"
#include "exporter/web/html_writer.h"

namespace pce {

// A bar a round, the latest on the right, low where all went well and high where readings failed,
// so that it can be read without colours; above it a line of the rows. `now`: to tell how far back
// it goes.
void draw_rounds(HtmlWriter& out, std::span<const RoundSeen> rounds, WallTime now);

}  // namespace pce
