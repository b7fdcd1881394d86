#pragma once
// Who our customers are, as far as the customer list and the answers about them tell. Not
// thread-safe.
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/partner_center/customer_list.h"
#include "exporter/polling/answer_guard.h"
#include "exporter/polling/customer_filter.h"
#include "exporter/polling/customer_naming.h"

namespace pce {

class CustomerBook {
 public:
  CustomerBook(CustomerFilter filter, GuardRules rules, CustomerNaming naming = {})
      : filter_(std::move(filter)), rules_(rules), naming_(std::move(naming)) {}

  enum class Verdict {
    kTaken,       // the list is complete and believed
    kIncomplete,  // what it names was noted, and nobody was forgotten
    kDoubted      // it is complete and names nobody, or far fewer than before: likewise
  };
  // A customer that a believed list does not name is leaving, and gone when the next one does not
  // either.
  Verdict take(const CustomerList& list, SteadyTime now);
  // What everybody in this book is called, and whoever comes in by take().
  const CustomerNaming& naming() const { return naming_; }
  // Whom to read and to show: customers listed and admitted by the filter, and those leaving.
  const std::map<TenantId, Customer>& customers() const { return customers_; }
  bool knows_the_list() const { return listed_once_; }
  bool list_in_doubt() const { return list_doubt_.has_value(); }

  // Judges everybody anew, by these. Returns whether somebody is admitted who was not.
  bool adopt(CustomerFilter filter, GuardRules rules);

  // Partner Center said of this customer that it is not ours. True when that is to be believed:
  // it is not listed either, or it was said often and long enough.
  bool not_ours(const TenantId& id, SteadyTime now);
  void ours(const TenantId& id) { refused_.erase(id); }  // it answered about this customer

  // Where somebody stands whom an answer about all customers truly calls so.
  enum class Standing { kOurs, kExcluded, kUnlisted };
  Standing standing(const TenantId& tenant, std::string_view name) const;

  const CustomerFilter& filter() const { return filter_; }
  std::size_t listed() const { return listed_; }  // in the last believed list, excluded ones too
  // Listed customers that the filter does not admit.
  struct Excluded {
    Customer customer;
    Admission why;
  };
  const std::map<TenantId, Excluded>& excluded() const { return excluded_; }
  bool is_leaving(const TenantId& id) const { return leaving_.contains(id); }
  std::size_t leaving() const { return leaving_.size(); }
  std::size_t refused() const { return refused_.size(); }  // those said not to be ours

 private:
  void note(const Customer& customer);
  void replace_all(const CustomerList& list, bool confirmed);

  CustomerFilter filter_;
  GuardRules rules_;
  const CustomerNaming naming_;
  std::map<TenantId, Customer> customers_;
  std::map<TenantId, Excluded> excluded_;
  std::set<TenantId> leaving_;
  std::map<TenantId, Doubt> refused_;
  std::optional<Doubt> list_doubt_;
  std::size_t listed_ = 0;
  bool listed_once_ = false;
};

}  // namespace pce
