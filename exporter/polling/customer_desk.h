#pragma once
// Reads the customer list, notes it in book and record, and shows it.
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/partner_center/kept_bodies.h"
#include "exporter/partner_center/resellers.h"
#include "exporter/polling/customer_book.h"
#include "exporter/polling/poll_record.h"
#include "exporter/polling/publisher.h"
#include "exporter/polling/target_choice.h"
#include "exporter/telemetry/poll_telemetry.h"

namespace pce {

class CustomerDesk {
 public:
  struct Parts {
    BodySource& client;
    CustomerBook& book;
    Publisher& publisher;
    PollRecord& record;
    LabelPool& labels;
    PollTelemetry& telemetry;
    const Clock& clock;
  };
  // `resellers`: whether to ask which indirect reseller a customer belongs to. `targets`: what to
  // show beside what the list says. `keeps_bodies`: whether what is read has them.
  CustomerDesk(Parts parts, std::string partner, bool resellers, TargetChoice targets,
               bool keeps_bodies)
      : parts_(parts),
        partner_(std::move(partner)),
        resellers_(resellers),
        targets_(std::move(targets)),
        keeps_bodies_(keeps_bodies) {}

  // From now on; shows everybody of the book anew with them, of the age as known.
  void adopt(bool resellers, TargetChoice targets);

  struct Read {
    CustomerBook::Verdict verdict = CustomerBook::Verdict::kIncomplete;
    std::size_t calls = 0;             // that gave a page, of customers or of resellers
    std::optional<Error> failure{};    // why the list, or a part of it, is not what was wanted
    std::vector<PackedText> bodies{};  // of the list
    std::vector<PackedText> reseller_bodies{};  // of all that is known of resellers
  };
  Read read(const std::string& correlation_id, std::stop_token stop);

  // A list that was believed before this process began; whether it is believed again.
  bool recall(const CustomerList& list, Moment fetched);
  // What resellers said then; before the list.
  void recall_resellers(ResellerList list) { reseller_of_ = std::move(list.reseller_of); }

 private:
  void read_reseller_names(const std::string& correlation_id, std::stop_token stop, Read& read);
  enum class Age { kOfTheList, kAsKnown };
  void show(std::span<const Customer> customers, Moment fetched, Age age);
  std::vector<std::pair<const DataSet*, Record>> records_of(const Customer& customer) const;

  const Parts parts_;
  const SharedText partner_;
  bool resellers_;
  TargetChoice targets_;
  const bool keeps_bodies_;
  std::map<TenantId, std::string> reseller_of_;  // by true ids
  std::optional<Moment> shown_;                  // of the list shown last
  std::set<SliceKey> targets_shown_;  // of targets_, with what went with its customer meanwhile
};

}  // namespace pce
