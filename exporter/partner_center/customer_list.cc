#include "exporter/partner_center/customer_list.h"

#include <set>
#include <span>
#include <utility>

#include "exporter/partner_center/seek_pages.h"

namespace pce {
namespace {

class Reader {
 public:
  explicit Reader(CustomerList& list) : list_(list) {}

  // How many customers the page brought that were not known before.
  std::size_t take(std::span<const JsonValue> items) {
    const std::size_t before = list_.customers.size();
    for (const JsonValue& item : items) take(item);
    return list_.customers.size() - before;
  }

 private:
  void take(const JsonValue& item) {
    if (item.kind() != JsonKind::kObject) return reject("type");
    static const JsonValue kNothing;
    const JsonValue* profile = item.find("companyProfile");
    if (profile == nullptr) profile = &kNothing;
    std::string_view id_text = item.text_of("id");
    if (id_text.empty()) id_text = profile->text_of("tenantId");  // the same id, see the reference
    if (id_text.empty()) return reject("missing");
    auto id = TenantId::parse(id_text);
    if (!id) return reject("type");
    if (!known_.insert(*id).second) {
      ++list_.duplicates;
      return;
    }
    list_.customers.push_back({.id = std::move(*id),
                               .name = std::string(profile->text_of("companyName")),
                               .domain = std::string(profile->text_of("domain")),
                               .relationship = std::string(item.text_of("relationshipToPartner"))});
  }
  void reject(const char* reason) { ++list_.rejected[reason]; }

  CustomerList& list_;
  std::set<TenantId> known_;
};

}  // namespace

CustomerList read_customer_list(BodySource& client, const std::string& correlation_id,
                                std::stop_token stop) {
  CustomerList list;
  Reader reader(list);
  const SeekQuestion question{.operation = kCustomersOperation,
                              .what = "customer list",
                              .path = "/v1/customers",
                              .query = "?size=500",
                              .correlation_id = correlation_id};
  auto walked = seek_pages(
      client, question, [&](std::span<const JsonValue> items) { return reader.take(items); }, stop);
  list.pages = walked.pages;
  list.failure = std::move(walked.failure);
  list.complete = !list.failure;
  return list;
}

}  // namespace pce
