#pragma once
// A commercial (bulk) answer: all customers, in pages, in whatever order the rows come.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/units.h"
#include "exporter/insights/decoded.h"

namespace pce {

struct CommercialRead {
  const char* path = "";      // behind "[/partner]/v1/", without a trailing slash
  const char* group_by = "";  // "": one row per customer, product (and workload); else the fields
                              // to group over, comma separated
};

// What one page of a bulk answer says about itself.
struct BulkPage {
  std::size_t rows = 0;                       // rows of this page, rejected ones included
  std::optional<std::string> next_link{};     // @nextLink, nextLink, @odata.nextLink in any case;
                                              // nullopt: absent, null or empty
  std::optional<std::int64_t> total_count{};  // TotalCount; nullopt: absent, null or unreadable
  std::map<std::string, WallTime>
      processed{};  // newest processedDateTime per service code (lower
                    // case) on this page, of rows that were not rejected
};

struct CustomerDecoded {
  std::optional<TenantId> customer{};  // nullopt: about the whole partner (grouped reads)
  Decoded decoded{};                   // its drift stays empty: that is counted for all rows
};

struct BulkDecoded {
  // Sorted by id, no two alike, customers with rejected rows only included; Scope::kPartner:
  // exactly one, without id. Whoever takes them away one by one from either end holds none twice.
  std::deque<CustomerDecoded> customers{};
  std::size_t rows = 0;  // of all pages, rejected and merged ones included
  // Of rows that belong to no customer. missing: no id; type: an id, or a row, that is none.
  std::map<std::string, std::size_t> rows_rejected{};
  std::vector<FieldDrift> drift{};  // of all rows and pages
};

// For one thread. Holds compact rows between the pages, never a page's text.
class BulkDecoder {
 public:
  virtual ~BulkDecoder() = default;
  // Errors: kMalformed as read_rows() says; also where no array of rows is there, and where the
  // next link is neither text nor null. Nothing of such a page is kept: it may be asked for again.
  virtual Result<BulkPage> page(std::string_view body) = 0;
  // As if the pages that `other` has read had been read here. It is one of the same data set and
  // label pool, and used up: all it is good for is to be destroyed.
  virtual void take_over(BulkDecoder& other) = 0;
  // Once, after the last page. The order of rows and pages leaves no trace in it.
  virtual BulkDecoded finish() = 0;
};

}  // namespace pce
