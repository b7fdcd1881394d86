// One estate, one truth: whatever way it is asked for, the numbers are the same.
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/simulator/test/bench.h"

namespace simulator {
namespace {

using nlohmann::json;

struct Figures {
  std::int64_t part = 0, whole = 0;
  bool operator==(const Figures&) const = default;
};
void PrintTo(const Figures& f, std::ostream* out) { *out << f.part << " of " << f.whole; }
using Key = std::vector<std::string>;
using Table = std::map<Key, Figures>;

void add(Table& table, Key key, const json& part, const json& whole) {
  Figures& figures = table[std::move(key)];
  figures.part += part.get<std::int64_t>();
  figures.whole += whole.get<std::int64_t>();
}

// Every row of every customer, read one customer after the other.
Table classic(Bench& bench, Dataset dataset) {
  const bool usage = dataset == Dataset::kUsage;
  Table table;
  for (const json& customer : bench.rows("/v1/customers")) {
    const std::string id = customer["id"];
    const std::string end = usage ? "usage" : "deployment";
    for (const json& row : bench.rows("/v1/customers/" + id + "/analytics/licenses/" + end)) {
      add(table,
          {id, row["productName"], row["serviceName"], row["channel"],
           usage ? row["workloadName"].get<std::string>() : ""},
          row[usage ? "licensesActive" : "licensesDeployed"],
          row[usage ? "licensesQualified" : "licensesSold"]);
    }
  }
  return table;
}

Table commercial(Bench& bench, Dataset dataset) {
  const bool usage = dataset == Dataset::kUsage;
  Table table;
  for (const json& row : bench.rows(usage ? kB2 : kB1)) {
    add(table,
        {ascii_lower(row["customerTenantId"].get<std::string>()), row["productName"],
         row["serviceCode"], row["channel"], usage ? row["workloadName"].get<std::string>() : ""},
        row[usage ? "licensesActive" : "licensesDeployed"],
        row[usage ? "licensesQualified" : "licensesSold"]);
  }
  return table;
}

// What it adds up to per service, channel and workload.
Table summed(const Table& rows) {
  Table sums;
  for (const auto& [key, figures] : rows) {
    Figures& sum = sums[{key[2], key[3], key[4]}];
    sum.part += figures.part;
    sum.whole += figures.whole;
  }
  return sums;
}

Table grouped(Bench& bench, Dataset dataset) {
  const bool usage = dataset == Dataset::kUsage;
  Table table;
  for (const json& row : bench.rows(usage ? kB2 + "?groupby=serviceCode,workloadName,channel"
                                          : kB1 + "?groupby=serviceCode,channel")) {
    add(table,
        {row["serviceCode"], row["channel"], usage ? row["workloadName"].get<std::string>() : ""},
        row[usage ? "licensesActive" : "licensesDeployed"],
        row[usage ? "licensesQualified" : "licensesSold"]);
  }
  return table;
}

std::map<Key, double> percents(const Table& table) {
  std::map<Key, double> out;
  for (const auto& [key, f] : table) {
    out[key] =
        f.whole == 0 ? 0 : 100.0 * static_cast<double>(f.part) / static_cast<double>(f.whole);
  }
  return out;
}

struct Shape {
  std::string name;
  EstateShape shape;
  json edits = json::object();
};
class SameNumbers : public testing::TestWithParam<Shape> {
 protected:
  SameNumbers() {
    bench.command("settings", {{"partner_usage", "computed"}});
    bench.command("estate", GetParam().edits);
  }
  Bench bench{GetParam().shape};
};

TEST_P(SameNumbers, RowByRowInBothGenerations) {
  for (const Dataset dataset : {Dataset::kDeployment, Dataset::kUsage}) {
    const Table rows = classic(bench, dataset);
    EXPECT_EQ(rows.size(), bench.world.estate.get()->rows(dataset));
    EXPECT_EQ(rows, commercial(bench, dataset));
  }
}

TEST_P(SameNumbers, GroupsAreTheSumsOfTheRows) {
  for (const Dataset dataset : {Dataset::kDeployment, Dataset::kUsage})
    EXPECT_EQ(grouped(bench, dataset), summed(classic(bench, dataset)));
}

TEST_P(SameNumbers, PartnerDeploymentIsTheGroupedDeployment) {
  const Table groups = grouped(bench, Dataset::kDeployment);
  std::map<Key, double> sold, expected, percent;
  for (const auto& [key, f] : groups) expected[key] = static_cast<double>(f.whole);
  for (const json& row : bench.rows("/v1/analytics/licenses/deployment")) {
    sold[{row["serviceName"], row["channel"], ""}] = row["licensesSold"];
    percent[{row["serviceName"], row["channel"], ""}] = row["proratedDeploymentPercent"];
  }
  EXPECT_EQ(sold, expected);
  EXPECT_EQ(percent, percents(groups));
}

TEST_P(SameNumbers, PartnerUsageIsTheGroupedUsage) {
  std::map<Key, double> percent;
  for (const json& row : bench.rows("/v1/analytics/licenses/usage")) {
    percent[{row["serviceName"], row["channel"], row["workloadName"]}] =
        row["proratedLicensesUsagePercent"];
  }
  EXPECT_EQ(percent, percents(grouped(bench, Dataset::kUsage)));
}

INSTANTIATE_TEST_SUITE_P(
    , SameNumbers,
    testing::Values(Shape{"Default", {}},
                    Shape{"AnotherSeed", {.seed = 7, .customers = 60, .products = {}}},
                    Shape{"EveryoneManyProducts", {.customers = 30, .products = 40}},
                    Shape{"OnlyTheDocumentedCustomer", {.customers = 0, .products = {}}},
                    Shape{"Edited",
                          {},
                          {{"rows",
                            {{{"customer", kSeedCustomerId},
                              {"product", "EXCHANGE ONLINE (PLAN 1)"},
                              {"workload", "Exchange"},
                              {"sold", 900},
                              {"deployed", 70},
                              {"active", 33},
                              {"qualified", 901}}}},
                           {"add",
                            {{{"id", "00000000-0000-4000-8000-00000000abcd"},
                              {"name", "New One"},
                              {"products", {{{"name", "NEW"}, {"sold", 7}, {"deployed", 3}}}}}}}}},
                    Shape{"Stamped", {}, {{"generation_in_rows", true}, {"reprocess_days", 1}}}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace simulator
