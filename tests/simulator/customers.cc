#include "tests/simulator/customers.h"

#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kSizeMax = 500;

ordered_json link(std::string uri) {
  ordered_json out;
  out["uri"] = std::move(uri);
  out["method"] = "GET";
  out["headers"] = ordered_json::array();
  return out;
}
ordered_json object_type(std::string_view name) { return {{"objectType", name}}; }

ordered_json customer_json(const Customer& customer, const Spelling& spelling) {
  const std::string id = spelling.upper_case_ids.value_or(false) ? upper(customer.id) : customer.id;
  ordered_json profile;
  profile["tenantId"] = id;
  profile["domain"] = customer.domain;
  profile["companyName"] = customer.name;
  if (!spelling.missing_optional) {
    profile["links"]["self"] = link(fmt::format("/customers/{}/profiles/company", customer.id));
    profile["attributes"] = object_type("CustomerCompanyProfile");
  }
  ordered_json out;
  out["id"] = id;
  out["companyProfile"] = std::move(profile);
  out["relationshipToPartner"] = "reseller";
  if (spelling.unknown_keys)
    out["sustainability"] = {{"score", nullptr}, {"notes", json::array({1, "two"})}};
  if (customer.reseller >= 0) {
    out["associatedPartnerId"] = resellers()[static_cast<std::size_t>(customer.reseller)].mpn_id;
  }
  if (spelling.missing_optional) {
    out.erase("relationshipToPartner");
    out.erase("associatedPartnerId");
    return out;
  }
  out["links"]["self"] = link("/customers/" + customer.id);
  out["attributes"] = object_type("Customer");
  return out;
}

// The same members the other way round, at every depth.
void reverse_keys(ordered_json& value) {
  if (value.is_array()) {
    for (ordered_json& item : value) reverse_keys(item);
  }
  if (!value.is_object()) return;
  ordered_json reversed = ordered_json::object();
  for (auto member = value.rbegin(); member != value.rend(); ++member) {
    reverse_keys(*member);
    reversed[member.key()] = std::move(*member);
  }
  value = std::move(reversed);
}

// What a continuation token holds: the number of the next customer, and the size and filter of the
// first call.
struct Place {
  std::size_t next = 0;
  std::size_t page = 1;
  std::size_t size = kSizeMax;
  std::string filter;
};

std::string place_token(const Place& place) {
  return base64(
      ordered_json({{"n", place.next}, {"p", place.page}, {"s", place.size}, {"f", place.filter}})
          .dump());
}

std::optional<Place> read_place(std::string_view token) {
  const auto text = base64_decode(token);
  const json object = text ? json::parse(*text, nullptr, false) : json();
  if (!object.is_object()) return std::nullopt;
  for (const char* number : {"n", "p", "s"}) {
    if (!object.contains(number) || !object[number].is_number_unsigned()) return std::nullopt;
  }
  if (!object.contains("f") || !object["f"].is_string()) return std::nullopt;
  return Place{object["n"].get<std::size_t>(), object["p"].get<std::size_t>(),
               object["s"].get<std::size_t>(), object["f"].get<std::string>()};
}

struct CustomerFilter {
  std::string field, value;

  bool matches(const Customer& customer) const {
    if (field.empty()) return true;
    if (field == "CompanyName") return starts_with_text(customer.name, value);
    if (field == "Domain") return starts_with_text(customer.domain, value);
    if (customer.reseller < 0) return false;
    return starts_with_text(resellers()[static_cast<std::size_t>(customer.reseller)].id, value);
  }
};

// The filter, or what is wrong with it.
std::variant<CustomerFilter, std::string> read_filter(const std::string& text) {
  if (text.empty()) return CustomerFilter{};
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return "the filter is not a JSON object";
  CustomerFilter filter;
  std::string action;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) return fmt::format("filter.{} is not text", key);
    if (same_text(key, "Field")) filter.field = value.get<std::string>();
    if (same_text(key, "Value")) filter.value = value.get<std::string>();
    if (same_text(key, "Operator")) action = value.get<std::string>();
  }
  if (!same_text(action, "starts_with")) return "only the operator starts_with is supported";
  for (const std::string_view known :
       {"CompanyName", "Domain", "IndirectReseller", "IndirectCloudSolutionProvider"}) {
    if (same_text(filter.field, known)) {
      filter.field = known;
      return filter;
    }
  }
  return fmt::format("customers cannot be searched by field '{}'", filter.field);
}

std::string next_uri(const Place& place, const Settings& settings, const Request& request) {
  std::string tail = fmt::format("/customers?size={}", place.size);
  if (!place.filter.empty()) tail += "&filter=" + url_encode(place.filter);
  tail += "&seekOperation=Next";
  if (settings.customers_link == "unversioned") return tail;
  if (settings.customers_link == "absolute") {
    return fmt::format("http://{}/v1{}", request.header("Host").value_or("127.0.0.1"), tail);
  }
  if (settings.customers_link == "other_host") return "https://api.elsewhere.example/v1" + tail;
  return "/v1" + tail;
}

std::string relationship_id(const Reseller& reseller, const Spelling& spelling) {
  return spelling.upper_case_ids.value_or(false) ? upper(reseller.id) : std::string(reseller.id);
}

std::string relationship_list(std::span<const Reseller> some, const Spelling& spelling) {
  ordered_json items = ordered_json::array();
  for (const Reseller& reseller : some) {
    ordered_json item;
    item["id"] = relationship_id(reseller, spelling);
    item["name"] = reseller.name;
    item["relationshipType"] = "is_indirect_cloud_solution_provider_of";
    item["state"] = "Active";
    item["mpnId"] = reseller.mpn_id;
    item["location"] = "DE";
    item["attributes"] = object_type("PartnerRelationship");
    items.push_back(std::move(item));
  }
  ordered_json body;
  body["totalCount"] = items.size();
  body["items"] = std::move(items);
  body["attributes"] = object_type("Collection");
  return body.dump();
}

}  // namespace

std::optional<std::size_t> page_of_customers(const Request& request) {
  const auto token = request.header("MS-ContinuationToken");
  if (!token || token->empty()) return 1;
  const auto place = read_place(*token);
  return place ? std::optional(place->page) : std::nullopt;
}

Response list_customers(const Request& request, const Estate& estate, const Settings& settings,
                        const Spelling& spelling) {
  Place place;
  const auto token = request.header("MS-ContinuationToken");
  const auto seek = find_field(request.arguments, "seekOperation");
  if (token && !token->empty()) {
    const auto read = read_place(*token);
    if (!read) return error_answer(400, "800002", "The continuation token is not valid.");
    place = *read;
  } else {
    if (seek && same_text(*seek, "Next")) {
      return error_answer(400, "800002",
                          "seekOperation=Next needs the header MS-ContinuationToken.");
    }
    if (const auto size = find_field(request.arguments, "size")) {
      const auto wanted = parse_integer(*size);
      if (!wanted || *wanted < 0) return error_answer(400, "3000", "Invalid property: size.");
      // 0 is what the SDKs send with a filter and means the default.
      place.size = *wanted == 0 ? kSizeMax : std::min(static_cast<std::size_t>(*wanted), kSizeMax);
    }
    place.filter = find_field(request.arguments, "filter").value_or("");
  }
  const auto parsed = read_filter(place.filter);
  if (const auto* problem = std::get_if<std::string>(&parsed))
    return error_answer(400, "800002", *problem);
  const auto& filter = std::get<CustomerFilter>(parsed);

  ordered_json items = ordered_json::array();
  std::size_t number = place.next;
  bool more = false;
  for (; !estate.list_emptied() && !spelling.empty_items && number < estate.numbers(); ++number) {
    if (!estate.listed(number)) continue;
    const Customer customer = estate.customer(number);
    if (!filter.matches(customer)) continue;
    if (items.size() >= place.size) {
      more = true;
      break;
    }
    items.push_back(customer_json(customer, spelling));
    if (spelling.duplicate_rows) items.push_back(items.back());
  }
  const std::string self = "/customers" + (request.query.empty() ? "" : "?" + request.query);
  ordered_json body;
  if (!spelling.missing_optional) body["totalCount"] = items.size();
  const auto dropped = static_cast<std::ptrdiff_t>(std::min(spelling.drop_rows, items.size()));
  items.erase(items.end() - dropped, items.end());
  body["items"] = std::move(items);
  ordered_json links;
  links["self"] = link(settings.customers_link == "unversioned" ? self : "/v1" + self);
  if (more) {
    if (settings.customers_link != "repeat") {
      place.next = number;
      ++place.page;
    }
    const std::string next = place_token(place);
    body["continuationToken"] = next;
    links["next"] = link(next_uri(place, settings, request));
    links["next"]["headers"].push_back({{"key", "MS-ContinuationToken"}, {"value", next}});
  }
  body["links"] = std::move(links);
  body["attributes"] = object_type("Collection");
  if (spelling.shuffled_keys) reverse_keys(body);
  return json_answer(200, body.dump());
}

Response one_customer(const Estate& estate, std::size_t number, const Spelling& spelling) {
  const Customer customer = estate.customer(number);
  ordered_json body = customer_json(customer, spelling);
  body["commerceId"] = guid_from(hash_text(customer.id));
  ordered_json billing;
  billing["id"] = guid_from(hash_text(customer.id, 1));
  billing["companyName"] = customer.name;
  billing["culture"] = "en-US";
  billing["language"] = "en";
  billing["attributes"] = object_type("CustomerBillingProfile");
  body["billingProfile"] = std::move(billing);
  body["allowDelegatedAccess"] = true;
  return json_answer(200, body.dump());
}

Response relationships(const Request& request, const Spelling& spelling) {
  const auto type = find_field(request.arguments, "relationship_type").value_or("");
  if (!same_text(type, "IsIndirectCloudSolutionProviderOf")) {
    return error_answer(400, "3000", "Invalid property: relationship_type.");
  }
  return json_answer(
      200, relationship_list(spelling.empty_items ? std::span<const Reseller>() : resellers(),
                             spelling));
}

Response customer_relationships(const Estate& estate, std::size_t number,
                                const Spelling& spelling) {
  const int reseller = estate.customer(number).reseller;
  if (reseller < 0) return json_answer(200, relationship_list({}, spelling));
  return json_answer(
      200, relationship_list(resellers().subspan(static_cast<std::size_t>(reseller), 1), spelling));
}

}  // namespace simulator
