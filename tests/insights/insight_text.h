#pragma once
// Bodies to decode, made from fields, and decoded answers as lines of text, so that a failed
// expectation can be read.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "exporter/insights/catalog.h"

namespace pce {

inline TenantId seed_customer() { return *TenantId::parse("4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"); }

inline Result<Decoded> decode(const DataSet& data_set, std::string_view body, LabelPool& labels) {
  static const TenantId kCustomer = seed_customer();
  return data_set.decode(body, data_set.scope == Scope::kCustomer ? &kCustomer : nullptr, labels);
}

inline std::filesystem::path fixture_folder(const DataSet& data_set) {
  return std::filesystem::path(PCE_SOURCE_DIR) / "tests/fixtures/insights" / data_set.collector;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string fixture(const DataSet& data_set, const std::string& name) {
  return read_file(fixture_folder(data_set) / (name + ".json"));
}

inline std::string shown(const Number& number) {
  if (!number.known()) return "-";
  if (number.is_whole()) return std::to_string(number.whole());
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number.value()).ptr};
}

// "channel=reseller product=… service_code=o365 | licenses_sold=1 licenses_deployed=0
// deployment_percent=0"
inline std::vector<std::string> shown(const DataSet& data_set, const std::vector<Record>& records) {
  std::vector<std::string> lines;
  for (const Record& record : records) {
    std::string line;
    for (std::size_t i = 0; i < data_set.row_labels.size(); ++i) {
      line +=
          std::string(data_set.row_labels[i]) + "=" + std::string(record.labels[i].escaped()) + " ";
    }
    line += "|";
    for (std::size_t i = 0; i < data_set.metrics.size(); ++i) {
      line += " " + std::string(data_set.metrics[i].name) + "=" + shown(record.values[i]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// "o365 1489461916360": the service and milliseconds since 1970.
inline std::vector<std::string> shown(const std::vector<ServiceProcessed>& processed) {
  std::vector<std::string> lines;
  for (const ServiceProcessed& service : processed) {
    lines.push_back(std::string(service.service_code.escaped()) + " " +
                    std::to_string(service.time.time_since_epoch().count()));
  }
  return lines;
}

// A row as keys and JSON texts of their values.
using Fields = std::vector<std::pair<std::string, std::string>>;

inline void set(Fields& fields, const std::string& key, const std::string& json) {
  const auto field = std::ranges::find(fields, key, &Fields::value_type::first);
  if (field != fields.end()) {
    field->second = json;
  } else {
    fields.emplace_back(key, json);
  }
}

inline void remove(Fields& fields, const std::string& key) {
  std::erase_if(fields, [&](const auto& field) { return field.first == key; });
}

inline Fields with(Fields fields, const std::string& key, const std::string& json) {
  set(fields, key, json);
  return fields;
}

inline std::string object(const Fields& fields) {
  std::string json = "{";
  for (const auto& [key, value] : fields) {
    if (json.size() > 1) json += ",";
    json += "\"" + key + "\":" + value;
  }
  return json + "}";
}

inline std::string body(const std::vector<Fields>& rows) {
  std::string json = R"({"totalCount":)" + std::to_string(rows.size()) + R"(,"items":[)";
  for (std::size_t i = 0; i < rows.size(); ++i) json += (i > 0 ? "," : "") + object(rows[i]);
  return json + R"(],"attributes":{"objectType":"Collection"}})";
}

enum class FieldKind { kName, kSecondName, kDefaulted, kCount, kPercent, kIgnored };

struct FieldFact {
  std::string key;
  FieldKind kind;
  std::string good;  // JSON
};

// The fields of each data set with a value that reads well.
inline std::vector<FieldFact> field_facts(const DataSet& data_set) {
  using enum FieldKind;
  std::vector<FieldFact> facts{{"processedDateTime", kIgnored, "\"2017-03-14T03:25:16.36+00:00\""},
                               {"serviceName", kDefaulted, "\"o365\""},
                               {"channel", kDefaulted, "\"reseller\""},
                               {"attributes", kIgnored, R"({"objectType":"Insights"})"}};
  const std::string_view collector = data_set.collector;
  if (data_set.scope == Scope::kCustomer) {
    facts.push_back({"customerName", kIgnored, "\"FABRIKAM TRIAL CO\""});
    facts.push_back({"productName", kName, "\"EXCHANGE ONLINE (PLAN 1)\""});
  }
  if (collector == "customer_deployment") {
    facts.push_back({"licensesSold", kCount, "5"});
    facts.push_back({"licensesDeployed", kCount, "4"});
    facts.push_back({"deploymentPercent", kPercent, "80.0"});
  } else if (collector == "customer_usage") {
    facts.push_back({"workloadName", kName, "\"Exchange\""});
    facts.push_back({"licensesActive", kCount, "3"});
    facts.push_back({"licensesQualified", kCount, "4"});
    facts.push_back({"usagePercent", kPercent, "75.0"});
  } else if (collector == "partner_deployment") {
    facts.push_back({"licensesSold", kCount, "206.0"});
    facts.push_back({"proratedDeploymentPercent", kPercent, "2.43"});
  } else {
    facts.push_back({"workloadName", kName, "\"Exchange\""});
    facts.push_back({"proratedLicensesUsagePercent", kPercent, "23.14"});
  }
  return facts;
}

inline Fields good_row(const DataSet& data_set) {
  Fields fields;
  for (const FieldFact& fact : field_facts(data_set)) fields.emplace_back(fact.key, fact.good);
  return fields;
}

// The metric that a field becomes; none for labels and the like.
inline std::size_t metric_of(const DataSet& data_set, const std::string& key) {
  const std::string upstream = "(" + key + " ";
  for (std::size_t i = 0; i < data_set.metrics.size(); ++i) {
    if (std::string_view(data_set.metrics[i].help).find(upstream) != std::string_view::npos)
      return i;
  }
  ADD_FAILURE() << "no metric of " << data_set.collector << " names " << key << " in its HELP";
  return 0;
}

// The same chances in every run, unless --gtest_random_seed=N asks for others.
inline std::mt19937 printed_chance() {
  const int given = testing::GTEST_FLAG(random_seed);
  const unsigned seed = given != 0 ? static_cast<unsigned>(given) : 20170315u;
  std::cout << "random seed: " << seed << "\n";
  return std::mt19937(seed);
}

class EveryDataSet : public testing::TestWithParam<const DataSet*> {
 protected:
  const DataSet& data_set() const { return *GetParam(); }
  Result<Decoded> decode_body(std::string_view text) { return decode(data_set(), text, labels_); }
  LabelPool labels_;
};

inline std::vector<const DataSet*> all_data_sets() {
  std::vector<const DataSet*> all;
  for (const DataSet* data_set : catalog()) all.push_back(data_set);
  return all;
}

inline std::string name_of_data_set(const testing::TestParamInfo<const DataSet*>& info) {
  return info.param->collector;
}

}  // namespace pce
