#include "exporter/http/transport.h"

namespace pce {
namespace {

TEST(HttpResponse, FindsAHeaderInAnyCase) {
  const HttpResponse response{.status = 200,
                              .headers = {{"RETRY-after", "7"}, {"Retry-After", "9"}}};
  EXPECT_EQ(response.header("Retry-After"), "7");
  EXPECT_EQ(response.header("Retry-Afte"), std::nullopt);
  EXPECT_EQ(response.header("Date"), std::nullopt);
}

}  // namespace
}  // namespace pce
