#include "exporter/settings/target_settings.h"

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "exporter/settings/pattern_list.h"
#include "exporter/settings/yaml_tree.h"

namespace pce {
namespace {

constexpr std::array<std::string_view, 7> kKeys{
    "deployment_percent", "usage_percent", "spare_licenses", "sold_drop_percent", "owner",
    "ignored_products",   "customers"};
constexpr std::array<std::string_view, 5> kCustomerKeys{"match", "deployment_percent",
                                                        "usage_percent", "spare_licenses", "owner"};
constexpr std::size_t kEntriesMax = 1000;
constexpr std::int64_t kSpareMax = 1'000'000'000;

std::optional<std::int64_t> number_in(const SettingSection& section, std::string_view key,
                                      std::int64_t min, std::int64_t max,
                                      SettingComplaints& complaints) {
  const auto field = section.find(key);
  return field ? whole_number_of(*field, min, max, complaints) : std::nullopt;
}

// Empty: there is none.
std::string owner_in(const SettingSection& section, bool may_be_empty,
                     SettingComplaints& complaints) {
  const auto field = section.find("owner");
  if (!field) return {};
  const YamlNode& value = *field->value;
  if (may_be_empty && value.kind == YamlNode::Kind::kText && value.text.empty()) return {};
  const std::string wanted = std::string("the name of whoever looks after the customers") +
                             (may_be_empty ? ", or \"\"" : "");
  const auto text = text_of(*field, wanted, complaints);
  return text && is_name(*field, *text, wanted, complaints) ? *text : std::string();
}

void read_customers(const SettingField& field, std::vector<CustomerTarget>& customers,
                    SettingComplaints& complaints) {
  const auto items = list_of(field, "a list of maps with match and what holds there", complaints);
  if (!items) return;
  if (items->size() > kEntriesMax) {
    complaints.add(field.place, field.path,
                   "found " + std::to_string(items->size()) + " entries, wanted at most " +
                       std::to_string(kEntriesMax) + "; match may name many customers");
    return;
  }
  for (const SettingField& item : *items) {
    const SettingSection section(item, kCustomerKeys, complaints);
    if (!section.is_map()) continue;
    CustomerTarget target;
    if (const auto match =
            section.require("match", "a list of customer ids or names, with * for any text")) {
      target.match = pattern_list_of(*match, complaints);
      if (match->value->kind == YamlNode::Kind::kList && match->value->items.empty())
        complaints.add(match->place, match->path, "found no customer, wanted at least one");
    }
    target.deployment_percent = number_in(section, "deployment_percent", 0, 100, complaints);
    target.usage_percent = number_in(section, "usage_percent", 0, 100, complaints);
    target.spare_licenses = number_in(section, "spare_licenses", 0, kSpareMax, complaints);
    target.owner = owner_in(section, false, complaints);
    if (item.value->items.size() == 1 && section.find("match")) {
      complaints.add(item.place, item.path,
                     "found match alone, wanted beside it what differs for these customers: "
                     "deployment_percent, usage_percent, spare_licenses or owner");
    }
    customers.push_back(std::move(target));
  }
}

}  // namespace

void read_targets(const SettingField& field, TargetSettings& targets,
                  SettingComplaints& complaints) {
  const SettingSection section(field, kKeys, complaints);
  if (!section.is_map()) return;
  const auto read = [&](std::string_view key, std::int64_t min, std::int64_t max,
                        std::int64_t& value) {
    value = number_in(section, key, min, max, complaints).value_or(value);
  };
  read("deployment_percent", 0, 100, targets.deployment_percent);
  read("usage_percent", 0, 100, targets.usage_percent);
  read("spare_licenses", 0, kSpareMax, targets.spare_licenses);
  read("sold_drop_percent", 1, 100, targets.sold_drop_percent);
  targets.owner = owner_in(section, true, complaints);
  if (const auto products = section.find("ignored_products"))
    targets.ignored_products = name_list_of(*products, "product", complaints);
  if (const auto customers = section.find("customers"))
    read_customers(*customers, targets.customers, complaints);
}

}  // namespace pce
