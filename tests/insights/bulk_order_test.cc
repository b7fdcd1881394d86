// Whatever the order of rows, wherever the pages are cut and by how many they are read, the same
// comes out, and it is what a reader without any cleverness finds.
#include <gmock/gmock.h>

#include "tests/insights/bulk_text.h"

namespace pce {
namespace {

// One row in plain words. No count: absent; -1 stands for a text that makes the row unreadable.
struct Fact {
  std::string customer, name, channel, service, product, workload, date;
  std::optional<int> part, whole;
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Fields fields_of(const DataSet& data_set, const Fact& fact) {
  const bool counts_usage = std::string_view(data_set.collector).ends_with("usage");
  const auto count = [](const std::optional<int>& n) {
    return !n ? "null" : *n < 0 ? "\"none\"" : std::to_string(*n);
  };
  Fields row = commercial_row(data_set);
  set(row, "channel", quoted(fact.channel));
  set(row, "serviceCode", quoted(fact.service));
  if (counts_usage) set(row, "workloadName", quoted(fact.workload));
  set(row, counts_usage ? "licensesActive" : "licensesDeployed", count(fact.part));
  set(row, counts_usage ? "licensesQualified" : "licensesSold", count(fact.whole));
  if (data_set.scope == Scope::kPartner) return row;
  set(row, "customerTenantId", quoted(fact.customer));
  set(row, "customerName", quoted(fact.name));
  set(row, "productName", quoted(fact.product));
  set(row, "processedDateTime", quoted(fact.date));
  return row;
}

// The naive reader: sums in nested maps.
struct Sum {
  std::optional<std::int64_t> part = 0, whole = 0;
  int rows = 0;
};
struct Whole {
  std::string name;
  int rows = 0, rejected = 0;
  std::map<std::vector<std::string>, Sum> records;
  std::map<std::string, std::string> processed;
};

std::vector<std::string> oracle(const DataSet& data_set, const std::vector<Fact>& facts) {
  const std::string collector = data_set.collector;
  const bool counts_usage = collector.ends_with("usage");
  const bool customers = data_set.scope == Scope::kCustomer;
  std::map<std::string, Whole> all;
  std::size_t without_id = 0, wrong = 0;
  for (const Fact& fact : facts) {
    const bool bad = (fact.part && *fact.part < 0) || (fact.whole && *fact.whole < 0);
    wrong += (fact.part && *fact.part < 0 ? 1u : 0u) + (fact.whole && *fact.whole < 0 ? 1u : 0u);
    if (customers && fact.customer.empty()) {
      ++without_id;
      continue;
    }
    Whole& whole = all[customers ? lower(fact.customer) : "everybody"];
    ++whole.rows;
    if (bad) {
      ++whole.rejected;
      continue;
    }
    std::vector<std::string> key{"channel=" + lower(fact.channel)};
    if (customers) key.push_back("product=" + fact.product);
    key.push_back("service_code=" + lower(fact.service));
    if (counts_usage) key.push_back("workload=" + fact.workload);
    Sum& sum = whole.records[key];
    ++sum.rows;
    const auto add = [](std::optional<std::int64_t>& to, const std::optional<int>& n) {
      to = to && n ? std::optional<std::int64_t>(*to + *n) : std::nullopt;
    };
    add(sum.part, fact.part);
    add(sum.whole, fact.whole);
    if (!customers) continue;
    if (whole.name.empty() || fact.name < whole.name) whole.name = fact.name;
    std::string& newest = whole.processed[lower(fact.service)];
    newest = std::max(newest, fact.date);
  }
  std::vector<std::string> lines;
  for (const auto& [id, whole] : all) {
    std::string head = id;
    int merged = 0;
    for (const auto& [key, sum] : whole.records) merged += sum.rows - 1;
    head.append(" \"").append(whole.name).append("\" rows=").append(std::to_string(whole.rows));
    head.append(" merged=").append(std::to_string(merged)).append(" repeated=0");
    if (whole.rejected > 0) head.append(" type=").append(std::to_string(whole.rejected));
    lines.push_back(head);
    for (const auto& [key, sum] : whole.records) {
      const auto number = [](const std::optional<std::int64_t>& n) {
        return n ? std::to_string(*n) : "-";
      };
      const std::string percent = sum.part && sum.whole && *sum.whole > 0
                                      ? shown(Number::real(100.0 * static_cast<double>(*sum.part) /
                                                           static_cast<double>(*sum.whole)))
                                      : "-";
      std::string line = "  ";
      for (const std::string& label : key) line.append(label).append(" ");
      line += "|";
      if (collector == "customer_deployment") {
        line.append(" licenses_sold=").append(number(sum.whole));
        line.append(" licenses_deployed=").append(number(sum.part));
        line.append(" deployment_percent=").append(percent);
      } else if (collector == "customer_usage") {
        line.append(" licenses_active=").append(number(sum.part));
        line.append(" licenses_qualified=").append(number(sum.whole));
        line.append(" usage_percent=").append(percent);
      } else if (collector == "partner_deployment") {
        line.append(" partner_licenses_sold=").append(number(sum.whole));
        line.append(" partner_deployment_percent=").append(percent);
      } else {
        line.append(" partner_usage_percent=").append(percent);
      }
      lines.push_back(line);
    }
    for (const auto& [service, date] : whole.processed) {
      // Days of October 2018, counted from the first.
      const int day = std::stoi(date.substr(8, 2));
      lines.push_back("  processed " + service + " " +
                      std::to_string(1538352000000 + (day - 1) * 86400000LL));
    }
  }
  std::string total = "in all rows=" + std::to_string(facts.size());
  if (without_id > 0) total.append(" missing=").append(std::to_string(without_id));
  lines.push_back(total);
  return lines;
}

// Some pages are read by each of several decoders, as they come.
BulkDecoded decode_shared(const DataSet& data_set, const std::vector<std::string>& pages,
                          std::size_t decoders, LabelPool& labels) {
  std::vector<std::unique_ptr<BulkDecoder>> shares(decoders);
  for (auto& share : shares) share = data_set.bulk(labels);
  for (std::size_t i = 0; i < pages.size(); ++i) EXPECT_TRUE(shares[i % decoders]->page(pages[i]));
  for (auto& share : shares) {
    if (share != shares.front()) shares.front()->take_over(*share);
  }
  return shares.front()->finish();
}

std::vector<std::string> without_drift(std::vector<std::string> lines) {
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("drift "); });
  return lines;
}

class BulkOrder : public EveryDataSet {};

TEST_P(BulkOrder, OfRowsAndPagesLeavesNoTrace) {
  auto chance = printed_chance();
  const auto below = [&](std::size_t n) { return chance() % n; };
  const auto one_of = [&](std::vector<std::string> texts) { return texts[below(texts.size())]; };
  for (int round = 0; round < 40; ++round) {
    std::vector<Fact> facts;
    const std::size_t rows = below(120);
    const auto count = [&]() -> std::optional<int> {
      if (below(20) == 0) return std::nullopt;
      return below(25) == 0 ? -1 : static_cast<int>(below(50));
    };
    for (std::size_t i = 0; i < rows; ++i) {
      const std::string digit = std::to_string(below(5));
      facts.push_back({.customer = below(15) == 0
                                       ? ""
                                       : one_of({"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f0" + digit,
                                                 "4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F0" + digit}),
                       .name = one_of({"FABRIKAM", "CONTOSO", "ADATUM"}),
                       .channel = one_of({"reseller", "Reseller", "direct"}),
                       .service = one_of({"o365", "O365", "crm"}),
                       .product = one_of({"E1", "E3", "e3", "A b"}),
                       .workload = one_of({"Exchange", "SharePoint"}),
                       .date = "2018-10-1" + digit + "T00:00:00",
                       .part = count(),
                       .whole = count()});
    }
    std::vector<std::string> first = oracle(data_set(), facts);
    std::vector<std::string> drift;
    if (data_set().scope == Scope::kPartner && facts.empty()) continue;  // nobody to speak of
    for (int shuffle = 0; shuffle < 6; ++shuffle) {
      std::ranges::shuffle(facts, chance);
      std::vector<std::string> pages;
      std::vector<Fields> on_page;
      for (const Fact& fact : facts) {
        on_page.push_back(fields_of(data_set(), fact));
        if (shuffle % 2 == 1) std::ranges::shuffle(on_page.back(), chance);
        if (below(12) != 0) continue;
        pages.push_back(page_of(on_page));
        on_page.clear();
      }
      pages.push_back(page_of(on_page));
      LabelPool labels;
      const BulkDecoded all = shuffle < 3 ? decode_pages(data_set(), pages, labels)
                                          : decode_shared(data_set(), pages, 1 + below(4), labels);
      ASSERT_EQ(without_drift(shown(data_set(), all)), first);
      if (shuffle == 0) drift = shown(all.drift);
      ASSERT_EQ(shown(all.drift), drift);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Catalog, BulkOrder, testing::ValuesIn(all_data_sets()), name_of_data_set);

}  // namespace
}  // namespace pce
