#pragma once
// What the rows of a bulk answer say of their customers beside the counts, page after page. A page
// that cannot be read leaves no trace.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "exporter/base/units.h"
#include "exporter/insights/bulk_decoder.h"
#include "exporter/insights/wire_row.h"

namespace pce {

class CustomerTallies {
 public:
  using Place = std::uint32_t;  // in the order they came

  void begin_page();
  void take_page_back();

  Place place_of(TenantId id);
  Place place_of_the_partner();  // of what is about nobody in particular

  void row(Place place, std::size_t fields_repeated);
  void rejected_row(Place place, std::size_t fields_repeated, Rejection reason);
  void name(Place place, std::string_view name);  // as a row spells it

  // Adds what `other` counted, which is left without customers, to the pages before this one. What
  // each of its places is here.
  std::vector<Place> take_over(CustomerTallies& other);

  // After the last page. Nobody is known by their id from here on.
  std::vector<Place> ordered();       // by id
  CustomerDecoded take(Place place);  // without records; once

 private:
  struct Said {
    std::string name{};
    std::uint32_t rows = 0;
    std::uint32_t fields_repeated = 0;
    std::array<std::uint32_t, kRejections.size()> rejected{};  // as kRejections
    std::uint32_t page = 0;                                    // the last one that changed it
  };
  // There are tens of thousands of these.
  struct Customer {
    std::optional<TenantId> id{};
    Said said{};
  };
  Place add(std::optional<TenantId> id);
  Said& changing(Place place);

  std::deque<Customer> customers_;                     // in which they stay where they are
  std::unordered_map<std::string_view, Place> by_id_;  // views of theirs
  std::uint32_t page_ = 0;
  std::size_t before_ = 0;                            // how many there were before this page
  std::vector<std::pair<Place, Said>> as_they_were_;  // before this page, those it changed
};

}  // namespace pce
