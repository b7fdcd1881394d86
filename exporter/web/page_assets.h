#pragma once
// Style and script of the status page, embedded from exporter/web/page when this is built.
#include <string>
#include <string_view>

#include "exporter/web/html_writer.h"

namespace pce {

Markup status_style();
Markup status_script();

// How a Content-Security-Policy names this text: 'sha256-…'. Source: CSP Level 3, section 2.3.1.
std::string policy_hash(std::string_view text);

}  // namespace pce
