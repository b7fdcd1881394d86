#pragma once
// The partner's customers, page by page.
// Source: Partner Center REST docs, "Get a list of customers". Shape:
// {"totalCount":n,"items":[{"id",
// "companyProfile":{"tenantId","domain","companyName"},"relationshipToPartner"}…],"links":{"next":{"uri","method",
// "headers":[{"key","value"}…]}}}; the last page has no links.next.
#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/base/units.h"
#include "exporter/partner_center/body_source.h"

namespace pce {

struct Customer {
  TenantId id;
  std::string name;  // companyName as written; may be empty, and is not unique
  std::string domain;
  std::string relationship;  // "reseller", "advisor", …; an open set
  std::string reseller{};    // name of the indirect reseller; empty: none known, see resellers.h
  // What Partner Center calls it, where what stands above is for showing and something else.
  struct TrueName {
    TenantId id;
    std::string name;
  };
  std::optional<TrueName> truly{};

  // For questions, and for the patterns of the configuration.
  const TenantId& true_id() const { return truly ? truly->id : id; }
  const std::string& true_name() const { return truly ? truly->name : name; }
};

struct CustomerList {
  std::vector<Customer> customers{};  // in the order they came, ids unique
  bool complete = false;
  std::optional<Error> failure{};  // why it is not complete; what was read before is kept
  std::map<std::string, std::size_t>
      rejected{};  // items left out: missing (no id), type (no object, or no GUID)
  std::size_t duplicates = 0;
  std::size_t pages = 0;
};

inline constexpr std::string_view kCustomersOperation = "customers";

// `correlation_id`: see ApiCall. Pages as seek_pages() reads them.
CustomerList read_customer_list(BodySource& client, const std::string& correlation_id,
                                std::stop_token stop);

}  // namespace pce
