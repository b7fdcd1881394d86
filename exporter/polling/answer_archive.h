#pragma once
// One account's way to the keeper of answers: what is kept of what came, and what no longer.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/polling/customer_book.h"
#include "exporter/polling/customer_desk.h"
#include "exporter/polling/intake.h"
#include "exporter/polling/reading.h"
#include "exporter/store/answer_keeper.h"

namespace pce {

// Collectors of answers that are no insights.
inline constexpr std::string_view kListAnswer = "customers";
inline constexpr std::string_view kResellersAnswer = "resellers";

class AnswerArchive {
 public:
  // `keeper`: null where nothing is kept.
  AnswerArchive(AnswerKeeper* keeper, const Clock& clock, std::string account, std::string tenant)
      : keeper_(keeper), clock_(clock), account_(std::move(account)), tenant_(std::move(tenant)) {}

  bool keeps() const { return keeper_ != nullptr; }
  const std::string& tenant() const { return tenant_; }

  // What came of a reading. `address`: see Reader.
  void taken(const Reading& reading, const Taken& taken, std::string address,
             std::vector<PackedText> bodies);
  void list_read(CustomerDesk::Read& read, const CustomerBook& book, const std::string& address);
  // Nothing is shown of the customer any more.
  void forget(const TenantId& customer);
  // The classic source has spoken of everybody: what the commercial one said is of no use.
  void forget_bulk(const DataSet& data_set);

 private:
  StoredAnswer answer_of(std::string_view collector, std::string address) const;

  AnswerKeeper* const keeper_;
  const Clock& clock_;
  const std::string account_;
  const std::string tenant_;
  std::set<const DataSet*> without_bulk_;  // for which forget_bulk() was heard
};

}  // namespace pce
