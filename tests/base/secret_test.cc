#include "exporter/base/secret.h"

#include <sstream>

namespace pce {
namespace {

TEST(Secret, IsNotPrinted) {
  std::ostringstream out;
  out << Secret("hunter2");
  EXPECT_EQ(out.str(), "<secret>");
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
  Secret from("hunter2");
  const Secret to(std::move(from));
  EXPECT_EQ(to.reveal(), "hunter2");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is the claim
  const auto* bytes = reinterpret_cast<const char*>(&from);
  EXPECT_EQ(std::string_view(bytes, sizeof from).find("hunter2"), std::string_view::npos);
}

}  // namespace
}  // namespace pce
