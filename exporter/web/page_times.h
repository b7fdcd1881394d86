#pragma once
// Instants on a page: in words, with the instant beside them for the script that keeps them
// running.
#include <string>

#include "exporter/base/clock.h"
#include "exporter/web/html_writer.h"

namespace pce {

std::string readable(WallTime when);                           // 2026-11-26 08:15:30 UTC
void write_ago(HtmlWriter& out, WallTime when, WallTime now);  // "3 hours ago"
void write_due(HtmlWriter& out, WallTime when, WallTime now);  // "in 3 hours", "now"

}  // namespace pce
