#include "exporter/commands/metrics.h"

#include <algorithm>

#include "exporter/exposition/families.h"
#include "exporter/telemetry/own_metrics.h"

namespace pce {
namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "`" : " `") + name + "`";
  return text.empty() ? "none" : text;
}

std::string row(const std::string& name, const std::string& type, const std::string& labels,
                const std::string& help) {
  return "| `" + name + "` | " + type + " | " + labels + " | " + help + " |\n";
}

}  // namespace

std::string metrics_reference() {
  std::string text =
      "# Metrics\n\n"
      "Written by `partner_center_exporter metrics`; a test compares this file with what the "
      "program prints.\n\n"
      "## Licence insights\n\n"
      "From Partner Center, cached between polls. A value that is missing or null upstream is no "
      "sample. Percents are on\n"
      "Partner Center's scale 0..100, not clamped, and absent where nothing was sold. "
      "`metrics.prefix` stands in front\n"
      "of every name but those that begin with `partner_center_customer_`.\n\n"
      "| metric | type | labels | meaning |\n|---|---|---|---|\n";
  for (const Family& family : insight_families("")) {
    std::vector<std::string> labels;
    for (const LabelPlace& place : family.labels) labels.push_back(place.name);
    text += row(family.name, "gauge", quoted_list(labels), family.help);
  }
  text +=
      "\n| label | value |\n|---|---|\n"
      "| `partner` | `name` of the account in the configuration |\n"
      "| `customer` | display name from the customer list, else from the row; identity together "
      "with `customer_id`; with `metrics.customer_label: id` or `hash` the same as `customer_id` "
      "|\n"
      "| `customer_id` | tenant id in lower case; with `hash` a pseudonym in its place, a UUID of "
      "version 8 |\n"
      "| `domain` | as the customer list says; empty unless names are shown |\n"
      "| `product` | `productName` as sent |\n"
      "| `service_code` | `serviceCode`, else `serviceName`, in lower case (`o365`, `crm`) |\n"
      "| `channel` | in lower case (`reseller`) |\n"
      "| `workload` | `workloadName` as sent |\n"
      "| `owner` | who looks after the customer, as `targets` of the configuration says |\n"
      "| `reseller` | name of the indirect reseller, with `customers.resellers`; else empty |\n\n"
      "Rows that agree in every label are merged: counts add up, percents are recomputed, and\n"
      "`partner_center_collector_rows_merged_total` counts it. A channel or service that a row "
      "does not name is\n"
      "`unknown`.\n\n"
      "Series: customers × products × 3 for deployment, and × workloads × 3 for usage, a few per "
      "account for the\n"
      "partner-wide insights, one a customer for `partner_center_customer_info`, up to four for "
      "each "
      "that\n"
      "`targets.customers` names, and about 150 of our own.\n\n"
      "## About the exporter\n\n"
      "| metric | type | labels | meaning |\n|---|---|---|---|\n";
  for (const OwnMetricInfo& metric : own_metrics()) {
    text += row(metric.name, metric.type, quoted_list(metric.labels), metric.help);
  }
  text +=
      "\n`collector` is one of `customer_deployment`, `customer_usage`, `customers`, "
      "`partner_deployment`,\n"
      "`partner_usage`; `operation` one of these, `token` or `relationships`; `source` "
      "`commercial` or "
      "`classic`; `kind` of\n"
      "drift one of `unknown`, `missing`, `type`, `date`. `reason` of a failed call is one of "
      "`dns`, `connect`, `proxy`, `tls`,\n"
      "`timeout`, `cut`, `throttled`, `upstream`, `unauthorized`, `mfa`, `audience`, `app_only`, "
      "`forbidden`,\n"
      "`not_found`, `rejected`, `malformed`, `too_large`, `internal`; `reason` of a rejected row "
      "one of `foreign`, `missing`, `range`, "
      "`type`; `reason` of a connection cut `request`, `answer` or `crowded`. `state` of a sign-in "
      "is\n"
      "one of `ok`, `degraded` (it is tried again), `needs_login`, `misconfigured` (both wait for "
      "a "
      "human); `credential` one of\n"
      "`refresh_token`, `client_certificate`, `access_token`.\n";
  return text;
}

}  // namespace pce
