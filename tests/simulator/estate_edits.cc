// POST /_sim/estate: reading and applying of edits.
#include <fmt/format.h>

#include "tests/simulator/control.h"

namespace simulator {
namespace {

using nlohmann::json;

// Complaints are thrown inside this file only: edits nest three levels deep and every level can be
// wrong.
struct Complaint {
  std::string text;
};
[[noreturn]] void complain(std::string text) { throw Complaint{std::move(text)}; }

const json& need_object(const json& value, std::string_view what) {
  if (!value.is_object())
    complain(fmt::format("{}: wanted an object, found {}", what, value.dump()));
  return value;
}
const json& need_array(const json& value, std::string_view what) {
  if (!value.is_array()) complain(fmt::format("{}: wanted an array, found {}", what, value.dump()));
  return value;
}
std::string need_text(const json& value, std::string_view what) {
  if (!value.is_string()) complain(fmt::format("{}: wanted text, found {}", what, value.dump()));
  return value.get<std::string>();
}
std::int64_t need_count(const json& value, std::string_view what) {
  if (!value.is_number_integer() || value.get<std::int64_t>() > 9'007'199'254'740'992) {
    complain(fmt::format("{}: wanted a whole number up to 2^53, found {}", what, value.dump()));
  }
  return value.get<std::int64_t>();
}
bool need_switch(const json& value, std::string_view what) {
  if (!value.is_boolean())
    complain(fmt::format("{}: wanted true or false, found {}", what, value.dump()));
  return value.get<bool>();
}
[[noreturn]] void unknown(std::string_view what, std::string_view key) {
  complain(fmt::format("{}.{}: there is no such member", what, key));
}

EditedProduct read_product(const json& object) {
  EditedProduct product;
  for (const auto& [key, value] : need_object(object, "product").items()) {
    if (key == "name") {
      product.name = need_text(value, key);
    } else if (key == "service") {
      product.service_code = need_text(value, key);
    } else if (key == "channel") {
      product.channel = need_text(value, key);
    } else if (key == "sold") {
      product.sold = need_count(value, key);
    } else if (key == "deployed") {
      product.deployed = need_count(value, key);
    } else if (key == "usage") {
      for (const json& item : need_array(value, key)) {
        EditedUsage usage;
        for (const auto& [member, content] : need_object(item, "usage").items()) {
          if (member == "workload") {
            usage.workload = need_text(content, member);
          } else if (member == "active") {
            usage.active = need_count(content, member);
          } else if (member == "qualified") {
            usage.qualified = need_count(content, member);
          } else {
            unknown("usage", member);
          }
        }
        product.usage.push_back(std::move(usage));
      }
    } else {
      unknown("product", key);
    }
  }
  if (product.name.empty()) complain("product.name: missing");
  return product;
}

AddedCustomer read_customer(const json& object) {
  AddedCustomer customer;
  for (const auto& [key, value] : need_object(object, "add").items()) {
    if (key == "id") {
      customer.id = need_text(value, key);
    } else if (key == "name") {
      customer.name = need_text(value, key);
    } else if (key == "domain") {
      customer.domain = need_text(value, key);
    } else if (key == "products") {
      for (const json& product : need_array(value, key))
        customer.products.push_back(read_product(product));
    } else {
      unknown("add", key);
    }
  }
  if (!is_guid(customer.id)) complain(fmt::format("add.id: '{}' is no GUID", customer.id));
  if (customer.name.empty()) complain("add.name: missing");
  return customer;
}

void apply_row(const json& object, Estate& estate) {
  std::string customer, product, workload;
  std::optional<std::int64_t> active, qualified;
  RowEdit edit;
  for (const auto& [key, value] : need_object(object, "rows").items()) {
    if (key == "customer") {
      customer = need_text(value, key);
    } else if (key == "product") {
      product = need_text(value, key);
    } else if (key == "workload") {
      workload = need_text(value, key);
    } else if (key == "sold") {
      edit.sold = need_count(value, key);
    } else if (key == "deployed") {
      edit.deployed = need_count(value, key);
    } else if (key == "active") {
      active = need_count(value, key);
    } else if (key == "qualified") {
      qualified = need_count(value, key);
    } else {
      unknown("rows", key);
    }
  }
  if (workload.empty() && (active || qualified))
    complain("rows.workload: missing beside active and qualified");
  if (!workload.empty()) edit.usage[workload] = {active, qualified};
  if (!estate.edit_row(customer, product, edit)) {
    complain(fmt::format("rows: customer '{}' has no product '{}'", customer, product));
  }
}

void apply(const json& object, Estate& estate) {
  for (const auto& [key, value] : need_object(object, "the body").items()) {
    if (key == "remove" || key == "restore") {
      for (const json& item : need_array(value, key)) {
        const std::string id = need_text(item, key);
        if (!(key == "remove" ? estate.remove(id) : estate.restore(id))) {
          complain(fmt::format("{}: there is no such customer to {}: '{}'", key, key, id));
        }
      }
    } else if (key == "rename") {
      for (const auto& [id, name] : need_object(value, key).items()) {
        if (!estate.rename(id, need_text(name, key)))
          complain(fmt::format("rename: no customer '{}'", id));
      }
    } else if (key == "add") {
      for (const json& item : need_array(value, key)) {
        AddedCustomer customer = read_customer(item);
        const std::string id = customer.id;
        if (!estate.add(std::move(customer)))
          complain(fmt::format("add: the id '{}' is taken", id));
      }
    } else if (key == "rows") {
      for (const json& item : need_array(value, key)) apply_row(item, estate);
    } else if (key == "empty_list") {
      estate.set_list_emptied(need_switch(value, key));
    } else if (key == "empty_data") {
      estate.set_data_emptied(need_switch(value, key));
    } else if (key == "generation_in_rows") {
      estate.set_generation_in_rows(need_switch(value, key));
    } else if (key == "reprocess_days") {
      const std::int64_t days = need_count(value, key);
      if (days < -3650 || days > 36500) complain("reprocess_days: wanted -3650 to 36500");
      estate.reprocess(static_cast<int>(days));
    } else {
      unknown("estate", key);
    }
  }
}

}  // namespace

std::string edit_estate(const json& object, EstateHolder& estate) {
  std::string problem;
  estate.update([&](Estate& next) {
    try {
      apply(object, next);
    } catch (const Complaint& complaint) {
      problem = complaint.text;
    }
    return problem.empty();
  });
  return problem;
}

}  // namespace simulator
