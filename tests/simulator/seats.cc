#include "tests/simulator/seats.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using nlohmann::ordered_json;

ordered_json object_type(std::string_view name) { return {{"objectType", name}}; }

ordered_json link(std::string uri) {
  ordered_json out;
  out["uri"] = std::move(uri);
  out["method"] = "GET";
  out["headers"] = ordered_json::array();
  return out;
}

std::string collection(ordered_json items, ordered_json links = nullptr) {
  ordered_json body;
  body["totalCount"] = items.size();
  body["items"] = std::move(items);
  if (!links.is_null()) body["links"] = std::move(links);
  body["attributes"] = object_type("Collection");
  return body.dump();
}

std::string part_number(std::string_view product) {
  std::string out;
  for (const char c : product) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) out += c;
    if (!letter && !out.empty() && out.back() != '_') out += '_';
  }
  if (out.ends_with('_')) out.pop_back();
  return out;
}

}  // namespace

std::string subscribed_skus(const Request& request, const Estate& estate, std::size_t number) {
  bool asked = false, first = false;
  for (const auto& [name, value] : request.arguments) {
    if (!same_text(name, "licenseGroupIds")) continue;
    asked = true;
    first |= same_text(value, "Group1");
  }
  ordered_json items = ordered_json::array();
  if (asked && !first) return collection(std::move(items));
  const Customer customer = estate.customer(number);
  for (const Holding& holding : customer.holdings) {
    ordered_json sku;
    sku["availableUnits"] = holding.sold - holding.deployed;
    sku["activeUnits"] = holding.sold;
    sku["consumedUnits"] = holding.deployed;
    sku["suspendedUnits"] = 0;
    sku["totalUnits"] = holding.sold;
    sku["warningUnits"] = 0;
    ordered_json product;
    product["id"] = ascii_lower(holding.product_id);
    product["name"] = holding.product;
    product["skuPartNumber"] = part_number(holding.product);
    product["targetType"] = "User";
    product["licenseGroupId"] = "group1";
    sku["productSku"] = std::move(product);
    ordered_json plans = ordered_json::array();
    for (const Usage& usage : holding.usage) {
      ordered_json plan;
      plan["displayName"] = usage.workload.name;
      plan["serviceName"] = usage.workload.code;
      plan["id"] = guid_from(hash_text(usage.workload.code));
      plan["capabilityStatus"] = "Enabled";
      plan["targetType"] = "User";
      plans.push_back(std::move(plan));
    }
    sku["servicePlans"] = std::move(plans);
    sku["capabilityStatus"] = "Enabled";
    sku["attributes"] = object_type("SubscribedSku");
    items.push_back(std::move(sku));
  }
  return collection(std::move(items));
}

std::string subscriptions(const Estate& estate, std::size_t number) {
  const Customer customer = estate.customer(number);
  ordered_json items = ordered_json::array();
  for (const Holding& holding : customer.holdings) {
    const std::uint64_t h = hash_text(holding.product, hash_text(customer.id));
    ordered_json s;
    s["id"] = guid_from(h);
    s["offerId"] = ascii_lower(holding.product_id);
    s["offerName"] = holding.product;
    s["friendlyName"] = holding.product;
    s["entitlementId"] = guid_from(h + 1);
    s["parentSubscriptionId"] = "";
    s["orderId"] = guid_from(h + 2);
    s["partnerId"] = "";
    s["publisherName"] = "";
    s["quantity"] = holding.sold;
    s["unitType"] = "Licenses";
    s["creationDate"] = "2017-01-10T00:00:00Z";
    s["effectiveStartDate"] = "2017-01-10T00:00:00Z";
    s["commitmentEndDate"] = h % 4 == 0 ? "9999-12-14T00:00:00Z" : "2018-01-10T00:00:00Z";
    s["status"] = holding.sold == 0 ? "suspended" : "active";
    s["autoRenewEnabled"] = h % 3 != 0;
    s["isTrial"] = false;
    s["isMicrosoftProduct"] = true;
    s["hasPurchasableAddons"] = false;
    s["billingType"] = "license";
    s["billingCycle"] = h % 2 == 0 ? "monthly" : "annual";
    s["termDuration"] = h % 2 == 0 ? "P1M" : "P1Y";
    s["renewalTermDuration"] = "";
    s["contractType"] = "subscription";
    s["actions"] = ordered_json::array();
    s["suspensionReasons"] = ordered_json::array();
    const std::string path = "/customers/" + customer.id + "/subscriptions";
    s["links"]["self"] = link(std::string(path).append("/").append(s["id"].get<std::string>()));
    s["attributes"] = object_type("Subscription");
    s["attributes"]["etag"] = base64(guid_from(h + 3)).substr(0, 32);
    items.push_back(std::move(s));
  }
  ordered_json links;
  links["self"] = link("/customers/" + customer.id + "/subscriptions");
  return collection(std::move(items), std::move(links));
}

}  // namespace simulator
