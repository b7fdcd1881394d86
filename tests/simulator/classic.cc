#include "tests/simulator/classic.h"

#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using Kind = Field::Kind;

double percent(double part, double whole) { return whole == 0 ? 0.0 : 100.0 * part / whole; }

// Collects rows and wraps them as {"totalCount":n,"items":[…],"attributes":{…}}.
class Collection {
 public:
  explicit Collection(const Spelling& spelling) : spelling_(spelling), rows_(spelling) {}

  void add(const std::vector<Field>& row, bool percent_of_nothing) {
    for (int copy = 0; copy < (spelling_.duplicate_rows ? 2 : 1); ++copy) {
      rows_.add(row, rows_.count(), DateSpelling::kOffset, percent_of_nothing);
    }
  }

  std::string body() const {
    const std::string items = fmt::format("\"items\":[{}]", rows_.text());
    if (spelling_.missing_optional) return "{" + items + "}";
    const std::string total = fmt::format("\"totalCount\":{}", rows_.count());
    const std::string attributes = R"("attributes":{"objectType":"Collection"})";
    return spelling_.shuffled_keys ? fmt::format("{{{},{},{}}}", items, attributes, total)
                                   : fmt::format("{{{},{},{}}}", total, items, attributes);
  }

 private:
  const Spelling& spelling_;
  RowList rows_;
};

bool nothing(const Estate& estate, const Spelling& spelling) {
  return spelling.empty_items || estate.data_emptied();
}

void add_tail(std::vector<Field>& row, Instant when, std::string_view service,
              std::string_view channel, std::string_view type) {
  row.push_back({.key = "processedDateTime", .kind = Kind::kDate, .when = when});
  row.push_back({.key = "serviceName", .text = service});
  row.push_back({.key = "channel", .text = channel});
  row.push_back({.key = "attributes", .kind = Kind::kObjectType, .text = type, .optional = true});
}

struct Sums {
  double part = 0;
  double whole = 0;
};

template <typename Visit>
void each_holding(const Estate& estate, const Spelling& spelling, Visit visit) {
  for (std::size_t number = 0; number < estate.numbers(); ++number) {
    if (!estate.listed(number)) continue;
    for (Holding& holding : estate.customer(number).holdings)
      visit(as_spelt(std::move(holding), spelling));
  }
}

void add_partner_usage(Collection& rows, const Estate& estate, std::string_view service,
                       std::string_view workload, std::string_view channel, double value,
                       bool of_nothing) {
  std::vector<Field> row{
      {.key = "proratedLicensesUsagePercent", .kind = Kind::kPercent, .number = value},
      {.key = "workloadName", .text = workload}};
  add_tail(row, estate.processed(Dataset::kUsage, service), service, channel,
           "PartnerLicensesUsageInsights");
  rows.add(row, of_nothing);
}

}  // namespace

Holding as_spelt(Holding holding, const Spelling& spelling) {
  if (spelling.zero_sold) holding.sold = holding.deployed = 0;
  if (spelling.over_100) holding.deployed = holding.sold * 3 + 1;
  for (Usage& usage : holding.usage) {
    if (spelling.zero_sold) usage.active = usage.qualified = 0;
    if (spelling.over_100) usage.active = usage.qualified * 3 + 1;
  }
  return holding;
}

std::string partner_deployment(const Estate& estate, const Spelling& spelling) {
  Collection rows(spelling);
  std::map<std::pair<std::string, std::string>, Sums> sums;
  if (!nothing(estate, spelling)) {
    each_holding(estate, spelling, [&](const Holding& holding) {
      Sums& sum = sums[{std::string(holding.service_code), std::string(holding.channel)}];
      sum.part += static_cast<double>(holding.deployed);
      sum.whole += static_cast<double>(holding.sold);
    });
  }
  for (const auto& [key, sum] : sums) {
    std::vector<Field> row{{.key = "proratedDeploymentPercent",
                            .kind = Kind::kPercent,
                            .number = percent(sum.part, sum.whole)},
                           {.key = "licensesSold", .kind = Kind::kCount, .number = sum.whole}};
    add_tail(row, estate.processed(Dataset::kDeployment, key.first), key.first, key.second,
             "PartnerLicensesDeploymentInsights");
    rows.add(row, sum.whole == 0);
  }
  return rows.body();
}

std::string partner_usage(const Estate& estate, const Spelling& spelling, bool documented) {
  Collection rows(spelling);
  if (nothing(estate, spelling)) return rows.body();
  if (documented && !estate.generation_in_rows()) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kRows{
        {{"crm", "Microsoft Dynamics CRM"},
         {"crm", "SharePoint"},
         {"o365", "Exchange"},
         {"o365", "SharePoint"},
         {"o365", "Skype For Business"}}};
    for (const auto& [service, workload] : kRows) {
      add_partner_usage(rows, estate, service, workload, "reseller",
                        spelling.over_100 ? 300.0 : 0.0, false);
    }
    return rows.body();
  }
  std::map<std::tuple<std::string, std::string, std::string>, Sums> sums;
  each_holding(estate, spelling, [&](const Holding& holding) {
    for (const Usage& usage : holding.usage) {
      Sums& sum = sums[{std::string(holding.service_code), std::string(usage.workload.name),
                        std::string(holding.channel)}];
      sum.part += static_cast<double>(usage.active);
      sum.whole += static_cast<double>(usage.qualified);
    }
  });
  for (const auto& [key, sum] : sums) {
    const auto& [service, workload, channel] = key;
    add_partner_usage(rows, estate, service, workload, channel, percent(sum.part, sum.whole),
                      sum.whole == 0);
  }
  return rows.body();
}

std::string customer_deployment(const Estate& estate, std::size_t number,
                                const Spelling& spelling) {
  Collection rows(spelling);
  if (nothing(estate, spelling)) return rows.body();
  const Customer customer = estate.customer(number);
  const std::string name = upper(customer.name);
  for (const Holding& original : customer.holdings) {
    const Holding h = as_spelt(original, spelling);
    const auto sold = static_cast<double>(h.sold), deployed = static_cast<double>(h.deployed);
    std::vector<Field> row;
    if (spelling.classic_codes) {
      row.push_back({.key = "customerId", .kind = Kind::kId, .text = customer.id});
      row.push_back({.key = "serviceCode", .text = h.service_code});
    }
    row.push_back({.key = "customerName", .text = name, .optional = true});
    row.push_back({.key = "productName", .text = h.product});
    row.push_back({.key = "licensesDeployed", .kind = Kind::kCount, .number = deployed});
    row.push_back(
        {.key = "deploymentPercent", .kind = Kind::kPercent, .number = percent(deployed, sold)});
    row.push_back({.key = "licensesSold", .kind = Kind::kCount, .number = sold});
    add_tail(row, estate.processed(Dataset::kDeployment, h.service_code), h.service_code, h.channel,
             "CustomerLicensesDeploymentInsights");
    rows.add(row, h.sold == 0);
  }
  return rows.body();
}

std::string customer_usage(const Estate& estate, std::size_t number, const Spelling& spelling) {
  Collection rows(spelling);
  if (nothing(estate, spelling)) return rows.body();
  const Customer customer = estate.customer(number);
  const std::string name = upper(customer.name);
  for (const Holding& original : customer.holdings) {
    const Holding h = as_spelt(original, spelling);
    for (const Usage& usage : h.usage) {
      const auto active = static_cast<double>(usage.active),
                 qualified = static_cast<double>(usage.qualified);
      std::vector<Field> row;
      if (spelling.classic_codes) {
        row.push_back({.key = "customerId", .kind = Kind::kId, .text = customer.id});
        row.push_back({.key = "serviceCode", .text = h.service_code});
        row.push_back({.key = "workloadCode", .text = usage.workload.code});
      }
      row.push_back({.key = "customerName", .text = name, .optional = true});
      row.push_back({.key = "productName", .text = h.product});
      row.push_back({.key = "licensesActive", .kind = Kind::kCount, .number = active});
      row.push_back({.key = "licensesQualified", .kind = Kind::kCount, .number = qualified});
      row.push_back(
          {.key = "usagePercent", .kind = Kind::kPercent, .number = percent(active, qualified)});
      row.push_back({.key = "workloadName", .text = usage.workload.name});
      add_tail(row, estate.processed(Dataset::kUsage, h.service_code), h.service_code, h.channel,
               "CustomerLicensesUsageInsights");
      rows.add(row, usage.qualified == 0);
    }
  }
  return rows.body();
}

}  // namespace simulator
