#pragma once
// What the status page tells of customers: the answer to a question about one, and who stands out.
#include "exporter/web/html_writer.h"
#include "exporter/web/site_status.h"
#include "exporter/web/status_page.h"

namespace pce {

void write_search(HtmlWriter& out, const SiteStatus& status, const CustomerSearch& search);
void write_ranking(HtmlWriter& out, const SiteStatus& status);

}  // namespace pce
