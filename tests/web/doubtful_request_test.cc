// The table of doubtful requests, each answered as it says: reliability matrix, section 3.1.
// Whether the connection is closed too is the business of the rows T09.
#include "exporter/web/routes.h"
#include "tests/support/body.h"
#include "tests/web/plain_site.h"
#include "tests/web/served.h"

namespace pce {
namespace {

struct Doubtful {
  std::string name;
  std::string sent;
  int status;
};
void PrintTo(const Doubtful& doubtful, std::ostream* out) { *out << doubtful.name; }

class Table31 : public testing::TestWithParam<Doubtful> {};

TEST_P(Table31, IsAnsweredAsItSays) {
  const Routes routes(plain_site());
  const auto server =
      served([&routes](const WebRequest& request) { return routes.answer(request); });
  RawClient client = client_of(*server);
  client.send(GetParam().sent);
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, GetParam().status) << answer->body;
  EXPECT_EQ(answer->header("Allow"), GetParam().status == 405 ? "GET, HEAD" : "");
}

// Row L15: HEAD is GET without the body, on every route and for every refusal.
TEST(L15, HeadSaysWhatGetSaysOnEveryRoute) {
  SiteParts parts = plain_site();
  parts.ready = [] { return Readiness{.ready = false, .reason = "not yet"}; };
  const Routes routes(std::move(parts));
  const auto server =
      served([&routes](const WebRequest& request) { return routes.answer(request); });
  RawClient client = client_of(*server);
  for (const char* path : {"/", "/metrics", "/metrics?collect[]=nothing", "/-/healthy", "/-/ready",
                           "/api/v1/explain", "/nothing"}) {
    const auto get = client.get(path);
    ASSERT_TRUE(get) << path;
    EXPECT_EQ(get->header("Content-Length"), std::to_string(get->body.size())) << path;
    ASSERT_TRUE(client.send(request_text("HEAD", path)));
    const auto head = client.read_answer(Expect::kNoBody);
    ASSERT_TRUE(head) << path;
    EXPECT_EQ(head->status, get->status) << path;
    for (const char* name : {"Content-Length", "Content-Type", "Vary", "X-Content-Type-Options"}) {
      EXPECT_EQ(head->header(name), get->header(name)) << path << " " << name;
    }
  }
}

TEST(L15, HeadersThatAskForPartsOrChangesAreNotHeeded) {
  const auto server = served([](const WebRequest&) { return text("whole"); });
  RawClient client = client_of(*server);
  for (const char* line : {"Range: bytes=0-1\r\n", "If-None-Match: *\r\n",
                           "If-Modified-Since: Thu, 26 Nov 2099 00:00:00 GMT\r\n"}) {
    ASSERT_TRUE(client.send(request_text("GET", "/", line)));
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer) << line;
    EXPECT_EQ(answer->status, 200) << line;
    EXPECT_EQ(answer->body, "whole") << line;
  }
}

std::string many_headers(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += "X-" + std::to_string(i) + ": a\r\n";
  return lines;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Table31,
    testing::Values(
        Doubtful{"HeaderOf17Kb",
                 request_text("GET", "/metrics", "X-A: " + std::string(17'000, 'a') + "\r\n"), 431},
        Doubtful{"HeaderOf15Kb",
                 request_text("GET", "/metrics", "X-A: " + std::string(15'000, 'a') + "\r\n"), 200},
        Doubtful{"FiveHundredHeaders", request_text("GET", "/metrics", many_headers(500)), 431},
        Doubtful{"NinetyHeaders", request_text("GET", "/metrics", many_headers(90)), 200},
        Doubtful{"TargetOf20Kb", request_text("GET", "/metrics?" + std::string(20'000, 'a')), 414},
        Doubtful{"TargetOf8Kb", request_text("GET", "/metrics?" + std::string(8'000, 'a')), 200},
        Doubtful{"EscapedZeroByte", request_text("GET", "/metrics%00.txt"), 404},
        Doubtful{"LongerPath", request_text("GET", "/metrics/foo"), 404},
        Doubtful{"TwoSlashes", request_text("GET", "//metrics"), 404},
        Doubtful{"DotDot", request_text("GET", "/x/../metrics"), 404},
        Doubtful{"AbsoluteTarget", request_text("GET", "http://localhost/metrics"), 404},
        Doubtful{"Trace", request_text("TRACE", "/metrics"), 405},
        Doubtful{"Connect", request_text("CONNECT", "localhost:443"), 405},
        Doubtful{"UnknownMethod", request_text("BREW", "/metrics"), 405},
        Doubtful{"OptionsOfEverything", request_text("OPTIONS", "*"), 405},
        Doubtful{"NoHost", "GET /metrics HTTP/1.1\r\n\r\n", 400},
        Doubtful{"Version99", "GET /metrics HTTP/9.9\r\nHost: x\r\n\r\n", 505}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
