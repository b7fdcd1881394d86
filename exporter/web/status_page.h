#pragma once
// The page at /: how everything is doing, rendered here and whole without a script. One file that
// loads nothing. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "exporter/polling/explainer.h"
#include "exporter/web/site_status.h"
#include "exporter/web/web_message.h"

namespace pce {

// What somebody typed into the search box.
struct CustomerSearch {
  CustomerQuestion question{};  // without a customer: nothing was asked
  std::string refusal{};        // why it is not answered; empty: see `answer`
  std::optional<CustomerAnswer> answer{};
};

// Of /?customer=ID-OR-NAME&partner=ACCOUNT; other parameters are passed over.
CustomerSearch customer_search(std::string_view query);

WebResponse status_page(const SiteStatus& status, const std::string& telemetry_path,
                        const CustomerSearch& search);

}  // namespace pce
