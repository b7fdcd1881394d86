#pragma once
// GET /api/v1/status: what the page at / shows, in JSON. Pure. docs/status.md tells what each
// member means; members may be added, none changes its meaning or goes.
#include "exporter/web/site_status.h"
#include "exporter/web/web_message.h"

namespace pce {

WebResponse status_json(const SiteStatus& status);

}  // namespace pce
