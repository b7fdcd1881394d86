#include "exporter/store/stored_answer.h"

#include <functional>
#include <set>

#include "tests/support/answers.h"

namespace pce {
namespace {

// Also where a change moves bytes from one part to the next.
TEST(StoredAnswer, HasAChecksumOverEveryPart) {
  const StoredAnswer answer = an_answer("customer_usage", "abc", {"one", "two"});
  const std::vector<std::function<void(StoredAnswer&)>> changes{
      [](auto& a) { a.account = "contosq"; },
      [](auto& a) { a.tenant = "21111111-2222-3333-4444-555555555555"; },
      [](auto& a) { a.collector = "customer_deployment"; },
      [](auto& a) { a.customer = "abd"; },
      [](auto& a) { a.customer.clear(); },
      [](auto& a) { a.source = "commercial"; },
      [](auto& a) { a.address += "y"; },
      [](auto& a) { a.fetched += std::chrono::milliseconds(1); },
      [](auto& a) { a.second_opinion = true; },
      [](auto& a) { a.held = {"x"}; },
      [](auto& a) {
        a.held = {"x", ""};
      },
      [](auto& a) { a.bodies[0] = pack("onf"); },
      [](auto& a) { a.bodies[1].size = 4; },
      [](auto& a) { a.bodies[1].deflated[0] ^= 0x40; },
      [](auto& a) { std::swap(a.bodies[0], a.bodies[1]); },
      [](auto& a) { a.bodies.pop_back(); },
      [](auto& a) { a.bodies.push_back(pack("")); },
      [](auto& a) {
        a.collector = "customer_usag";
        a.customer = "eabc";
      },
  };
  std::set<std::string> checksums{checksum_of(answer)};
  EXPECT_EQ(checksums.begin()->size(), 32U);
  EXPECT_EQ(checksum_of(answer), *checksums.begin());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    StoredAnswer changed = answer;
    changes[i](changed);
    EXPECT_TRUE(checksums.insert(checksum_of(changed)).second) << "change " << i;
  }
}

}  // namespace
}  // namespace pce
