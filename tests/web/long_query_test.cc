// Queries of many parts. The library must not take them apart: see on_request_line().
#include <cstring>

#include "tests/web/served.h"

namespace pce {
namespace {

std::string repeated(const std::string& part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}

TEST(LongQuery, ArrivesAsItWasSentHoweverManyPartsItHas) {
  std::string query;
  const auto server = served([&](const WebRequest& request) {
    query = request.query;
    return text(request.path);
  });
  for (const char* part : {"name[]=x&", "&", "a&", "=", "%41=%zz&"}) {
    for (const std::size_t size : {100U, 4000U, 8000U, 13'000U}) {
      const std::string sent = repeated(part, size / std::strlen(part));
      RawClient client = client_of(*server);
      auto answer = client.get("/metrics?" + sent);
      ASSERT_TRUE(answer) << part << " " << size;
      EXPECT_EQ(answer->status, 200) << part << " " << size;
      EXPECT_EQ(answer->body, "/metrics");
      EXPECT_EQ(query, sent);
      answer = client.get("/metrics?again?x");
      ASSERT_TRUE(answer) << "the connection goes on";
      EXPECT_EQ(query, "again?x");
    }
  }
}

}  // namespace
}  // namespace pce
