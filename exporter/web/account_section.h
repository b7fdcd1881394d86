#pragma once
// One account on the status page.
#include <cstddef>

#include "exporter/polling/status.h"
#include "exporter/web/html_writer.h"

namespace pce {

// `place`: makes the ids of its elements its own.
void write_account(HtmlWriter& out, const AccountStatus& account, std::size_t place);

}  // namespace pce
