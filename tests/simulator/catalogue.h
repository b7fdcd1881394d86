#pragma once
// What the simulated partner sells, and the names of those who buy it.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

struct Workload {
  std::string_view code;  // EXO, SPO, SFB are documented; the others are a guess
  std::string_view name;
};

struct Product {
  std::string name;  // upper case, as insight rows print it
  std::string id;    // upper-case GUID
  std::string_view service_code;
  std::vector<Workload> workloads;  // what the product really contains
  std::vector<Workload>
      three_workloads;  // the same made up to exactly three, for estates of a chosen size
};

inline constexpr std::size_t kProductsMax = 200;
std::span<const Product> products();  // kProductsMax of them; the first 20 have real names
const Product* product_named(std::string_view name);  // upper-case name; nullptr when there is none
std::string_view service_display_name(std::string_view service_code);
Workload workload_named(std::string_view name);  // unknown names are their own code

struct Reseller {
  std::string_view id;
  std::string_view name;
  std::string_view mpn_id;
};
std::span<const Reseller> resellers();

// The name of the customer with this number (1, 2, …). The first 16 show one peculiarity each;
// numbers 8 and 9 share one name. Later ones are plain, every eighth again peculiar.
std::string customer_name(std::uint64_t seed, std::size_t number);

}  // namespace simulator
