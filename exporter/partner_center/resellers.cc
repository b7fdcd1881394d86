#include "exporter/partner_center/resellers.h"

#include <set>
#include <span>
#include <utility>

#include "exporter/json/json_document.h"
#include "exporter/partner_center/customer_list.h"
#include "exporter/partner_center/own_address.h"
#include "exporter/partner_center/seek_pages.h"

namespace pce {
namespace {

using Names = std::set<std::string>;

// The service writes IsIndirectCloudSolutionProviderOf in its questions and
// is_indirect_cloud_solution_provider_of in its answers.
bool is_reseller_relationship(std::string_view type) {
  std::string plain;
  for (const char c : type) {
    if (c != '_') plain += c;
  }
  return plain.empty() || same_key(plain, "IsIndirectCloudSolutionProviderOf");
}

std::optional<TenantId> customer_of(const JsonValue& item) {
  if (const auto id = TenantId::parse(item.text_of("id"))) return id;
  const JsonValue* profile = item.find("companyProfile");
  return profile != nullptr ? TenantId::parse(profile->text_of("tenantId")) : std::nullopt;
}

class ResellerReader {
 public:
  ResellerReader(BodySource& client, const std::string& correlation_id, std::stop_token stop)
      : client_(client), correlation_id_(correlation_id), stop_(std::move(stop)) {}

  ResellerList read() {
    note(seek_pages(
        client_,
        {.operation = kRelationshipsOperation,
         .what = "list of resellers",
         .path = "/v1/relationships",
         .query = "?relationship_type=IsIndirectCloudSolutionProviderOf",
         .correlation_id = correlation_id_},
        [&](std::span<const JsonValue> items) { return take_relationships(items); }, stop_));
    list_.resellers = resellers_.size();
    for (const auto& [id, name] : resellers_) {
      if (hopeless_) break;
      read_customers(id, name);
    }
    for (const auto& [customer, names] : names_of_) {
      std::string& joined = list_.reseller_of[customer];
      for (const std::string& name : names) {
        if (!joined.empty()) joined += ", ";
        joined += name;
      }
    }
    list_.complete = !list_.failure;
    return std::move(list_);
  }

 private:
  std::size_t take_relationships(std::span<const JsonValue> items) {
    std::size_t fresh = 0;
    for (const JsonValue& item : items) {
      const auto id = TenantId::parse(item.text_of("id"));
      if (!id) {
        take_failure(Error{.kind = ErrorKind::kMalformed,
                           .message = "list of resellers: one has no GUID in its id"});
        continue;
      }
      if (seen_.insert(*id).second) ++fresh;
      const std::string_view state = item.text_of("state");
      if (!is_reseller_relationship(item.text_of("relationshipType"))) continue;
      if (!state.empty() && !same_key(state, "Active")) continue;
      const std::string_view name = item.text_of("name");
      resellers_.emplace(*id, name.empty() ? id->text().view() : name);
    }
    return fresh;
  }

  void read_customers(const TenantId& id, const std::string& name) {
    std::string filter = R"({"Field":"IndirectReseller","Value":")";
    filter.append(id.text()).append(R"(","Operator":"starts_with"})");
    std::set<TenantId> known;
    const auto take = [&](std::span<const JsonValue> items) {
      const std::size_t before = known.size();
      for (const JsonValue& item : items) {
        if (const auto customer = customer_of(item)) known.insert(*customer);
      }
      return known.size() - before;
    };
    note(seek_pages(client_,
                    {.operation = kCustomersOperation,
                     .what = "customers of the reseller " + std::string(id.text()),
                     .path = "/v1/customers",
                     .query = "?size=0&filter=" + query_value(filter),
                     .correlation_id = correlation_id_},
                    take, stop_));
    for (const TenantId& customer : known) names_of_[customer].insert(name);
  }

  void note(SeekOutcome outcome) {
    list_.pages += outcome.pages;
    if (outcome.failure) take_failure(std::move(outcome.failure));
  }

  void take_failure(std::optional<Error> failure) {
    // What these say of one reseller holds for all.
    hopeless_ |= is_about_the_token(failure->kind) || failure->kind == ErrorKind::kCancelled;
    if (!list_.failure) list_.failure = std::move(failure);
  }

  BodySource& client_;
  const std::string& correlation_id_;
  const std::stop_token stop_;
  ResellerList list_;
  bool hopeless_ = false;
  std::set<TenantId> seen_;
  std::map<TenantId, std::string> resellers_;  // active ones and their names
  std::map<TenantId, Names> names_of_;
};

}  // namespace

ResellerList read_resellers(BodySource& client, const std::string& correlation_id,
                            std::stop_token stop) {
  return ResellerReader(client, correlation_id, std::move(stop)).read();
}

}  // namespace pce
