#pragma once
// Commercial pages to decode, made from fields, and what came of them as lines of text.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/insights/insight_text.h"

namespace pce {

inline const DataSet& deployment() { return *find_data_set("customer_deployment"); }
inline const DataSet& usage() { return *find_data_set("customer_usage"); }
inline const DataSet& partner_wide_deployment() { return *find_data_set("partner_deployment"); }
inline const DataSet& partner_wide_usage() { return *find_data_set("partner_usage"); }

inline std::string quoted(const std::string& text) {
  std::string json = "\"";
  json.append(text).append("\"");
  return json;
}

// A row as documented, with every field.
inline Fields commercial_row(const DataSet& data_set) {
  const bool counts_usage = std::string_view(data_set.collector).ends_with("usage");
  Fields row;
  if (data_set.scope == Scope::kCustomer) {
    row.emplace_back("processedDateTime", "\"2018-10-14T00:00:00\"");
  }
  if (counts_usage && data_set.scope == Scope::kCustomer) {
    row.emplace_back("workloadCode", "\"SPO\"");
  }
  if (counts_usage) row.emplace_back("workloadName", "\"SharePoint\"");
  row.emplace_back("serviceCode", "\"o365\"");
  row.emplace_back("channel", "\"reseller\"");
  if (data_set.scope == Scope::kCustomer) {
    row.emplace_back("serviceName", "\"Microsoft Office 365\"");
    row.emplace_back("customerTenantId", "\"4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04\"");
    row.emplace_back("customerName", "\"FABRIKAM TRIAL CO\"");
    row.emplace_back("productId", "\"0B9D3A52-6C1C-4E4F-A1F7-93F0C1E0D7AA\"");
    row.emplace_back("productName", "\"OFFICE 365 ENTERPRISE E3\"");
  }
  row.emplace_back(counts_usage ? "licensesActive" : "licensesDeployed", "30");
  row.emplace_back(counts_usage ? "licensesQualified" : "licensesSold", "40");
  return row;
}

inline std::string page_of(const std::vector<Fields>& rows, const std::string& link = "null") {
  std::string json = "{\"Value\":[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) json += ',';
    json += object(rows[i]);
  }
  json.append("],\"@nextLink\":").append(link).append(",\"TotalCount\":");
  return json.append(std::to_string(rows.size())).append("}");
}

// Reads all pages; what a page says of itself is looked at in tests of one page.
inline BulkDecoded decode_pages(const DataSet& data_set, const std::vector<std::string>& pages,
                                LabelPool& labels) {
  const auto decoder = data_set.bulk(labels);
  for (const std::string& body : pages) {
    const auto page = decoder->page(body);
    EXPECT_TRUE(page) << page.error().message;
  }
  return decoder->finish();
}

inline BulkDecoded decode_bulk(const DataSet& data_set, const std::vector<Fields>& rows,
                               LabelPool& labels) {
  return decode_pages(data_set, {page_of(rows)}, labels);
}

inline std::string shown(const std::map<std::string, std::size_t>& rejected) {
  std::string text;
  for (const auto& [reason, count] : rejected) {
    text.append(" ").append(reason).append("=").append(std::to_string(count));
  }
  return text;
}

// "workloadName missing 3 null"
inline std::vector<std::string> shown(const std::vector<FieldDrift>& drift) {
  std::vector<std::string> lines;
  for (const FieldDrift& d : drift) {
    std::string line = d.field;
    line.append(" ").append(name_of(d.kind)).append(" ").append(std::to_string(d.count));
    lines.push_back(line.append(" ").append(name_of(d.found)));
  }
  return lines;
}

// Everything an answer says, customer by customer.
inline std::vector<std::string> shown(const DataSet& data_set, const BulkDecoded& all) {
  std::vector<std::string> lines;
  for (const CustomerDecoded& customer : all.customers) {
    const Decoded& decoded = customer.decoded;
    std::string head(customer.customer ? customer.customer->text() : SharedText("everybody"));
    head.append(" \"").append(decoded.customer_name).append("\" rows=");
    head.append(std::to_string(decoded.rows)).append(" merged=");
    head.append(std::to_string(decoded.rows_merged)).append(" repeated=");
    head.append(std::to_string(decoded.fields_repeated)).append(shown(decoded.rows_rejected));
    lines.push_back(head);
    for (std::string& line : shown(data_set, decoded.records)) lines.push_back("  " + line);
    for (std::string& line : shown(decoded.processed)) lines.push_back("  processed " + line);
  }
  lines.push_back("in all rows=" + std::to_string(all.rows) + shown(all.rows_rejected));
  for (std::string& line : shown(all.drift)) lines.push_back("drift " + line);
  return lines;
}

}  // namespace pce
