#pragma once
// Asks one question, in the words of the source it is for. Any thread.
#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/label.h"
#include "exporter/partner_center/client.h"
#include "exporter/partner_center/commercial_pages.h"
#include "exporter/polling/customer_naming.h"
#include "exporter/polling/reading.h"
#include "exporter/telemetry/api_telemetry.h"

namespace pce {

class Reader {
 public:
  struct Parts {
    PartnerCenterClient& client;
    LabelPool& labels;
    ApiTelemetry& telemetry;
    Clock& clock;
  };
  // `only`: the customers commercial questions are restricted to, empty: all of them.
  // `processed_date`: the day they are about, empty: the newest. `keeps_bodies`: whether outcomes
  // have them. `naming`: what customers are called in readings.
  Reader(Parts parts, std::span<const TenantId> only, std::string processed_date,
         bool keeps_bodies = false, const CustomerNaming& naming = {});

  // From now on; while nothing is read. Returns whether commercial questions are other ones now.
  bool adopt(std::span<const TenantId> only, std::string processed_date);

  // `correlation_id`: see ApiCall.
  Outcome read(const Reading& reading, const std::string& correlation_id, std::stop_token stop);

  // What a reading asks, as an address without anything secret in it, in which customers are called
  // as in readings.
  std::string address_of(const Reading& reading) const;
  // Whether an answer to `address` answers this reading: it asks the same, or asked about
  // everybody.
  bool is_answered_by(const Reading& reading, const std::string& address) const;

  // The first page of a commercial answer, as far as it can be told from that.
  struct Glance {
    Outcome outcome{};
    bool is_all = true;  // otherwise more pages follow
    std::chrono::duration<double> decoding{};
    std::chrono::duration<double> closing{};  // what is done after the last page, for these rows
  };
  Glance glance(const Reading& reading, const std::string& correlation_id, std::stop_token stop);

 private:
  Outcome classic(const Reading& reading, const std::string& correlation_id, std::stop_token stop);
  Outcome commercial(const Reading& reading, const std::string& correlation_id,
                     std::stop_token stop);
  CommercialQuestion question_of(const Reading& reading, const std::string& correlation_id,
                                 const std::string& filter) const;
  Result<PageFacts> take(const DataSet& data_set, BulkDecoder& decoder, std::string_view body);

  const Parts parts_;
  CommercialPages pages_;
  std::string filter_;
  const CustomerNaming naming_;
  std::string shown_filter_;  // the same in address_of()
  std::string processed_date_;
  const bool keeps_bodies_;
};

}  // namespace pce
