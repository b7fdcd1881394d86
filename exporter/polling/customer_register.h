#pragma once
// Who the customers of an account are, as a value that any thread may hold.
#include <cstdint>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/label.h"
#include "exporter/polling/customer_book.h"

namespace pce {

enum class Membership : std::uint8_t {
  kListed,
  kLeaving,      // the last believed list does not name it; gone when the next one does not either
  kExcluded,     // listed, and an entry of customers.exclude fits
  kNotIncluded,  // listed, and no entry of customers.include fits
  kLeft,
  kUnlisted  // named in answers while there is no list yet
};
const char* name_of(Membership membership);

// Id and name read as the labels customer_id and customer show them.
struct KnownCustomer {
  LabelText id;
  LabelText name;
  Membership membership = Membership::kListed;
  std::uint32_t entry = 0;  // of kExcluded: the place in customers.exclude
  WallTime since{};         // when this process learnt of the membership
};

class CustomerRegister {
 public:
  CustomerRegister() = default;
  // What the book says now. A customer whose membership is as in `former` keeps its `since`.
  CustomerRegister(const CustomerBook& book, const CustomerRegister& former, LabelPool& labels,
                   WallTime now);

  const std::vector<KnownCustomer>& customers() const { return customers_; }  // sorted by id
  const KnownCustomer* find(std::string_view id) const;
  // Whether somebody of this id is read and shown.
  bool reads(std::string_view id) const;

 private:
  std::vector<KnownCustomer> customers_;
};

}  // namespace pce
