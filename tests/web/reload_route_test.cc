// Reloading over HTTP, and who may ask for it.
#include "tests/web/routes_fixture.h"

namespace pce {
namespace {

constexpr const char* kReload = "/-/reload";

class ReloadRouteTest : public RoutesTest {
 protected:
  WebResponse asked(const WebRequest& request) {
    SiteParts all = parts();
    all.reload = [this] {
      ++reloads_;
      return outcome_;
    };
    return Routes(std::move(all)).answer(request);
  }

  ReloadOutcome outcome_;
  int reloads_ = 0;
};

TEST_F(ReloadRouteTest, IsDoneByPostOrPut) {
  EXPECT_EQ(asked({.method = "POST", .path = kReload}).status, 200);
  EXPECT_EQ(asked({.method = "PUT", .path = kReload}).status, 200);
  EXPECT_EQ(reloads_, 2);
  for (const char* method : {"GET", "HEAD", "DELETE"}) {
    const WebResponse response = asked({.method = method, .path = kReload});
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(header(response, "Allow"), "POST, PUT");
  }
  EXPECT_EQ(reloads_, 2);
  EXPECT_EQ(counted_["/-/reload 200"], 2);
}

TEST_F(ReloadRouteTest, SaysWhyNot) {
  outcome_ = {.kind = ReloadOutcome::Kind::kRefused, .reason = "exporter.yml:3:1: found …"};
  const WebResponse response = asked({.method = "POST", .path = kReload});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, "failed to reload config: exporter.yml:3:1: found …\n");
  EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
}

TEST_F(ReloadRouteTest, OneAtATimeIsEnough) {
  outcome_ = {.kind = ReloadOutcome::Kind::kBusy};
  const WebResponse response = asked({.method = "POST", .path = kReload});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header(response, "Retry-After"), "1");
}

TEST_F(ReloadRouteTest, PagesOfOtherSitesAreNotObeyed) {
  const auto status = [&](const std::string& origin, const std::string& site) {
    return asked({.method = "POST",
                  .path = kReload,
                  .host = "exporter:10365",
                  .origin = origin,
                  .fetch_site = site})
        .status;
  };
  EXPECT_EQ(status("http://exporter:10365", ""), 200);
  EXPECT_EQ(status("https://exporter:10365", ""), 200);
  EXPECT_EQ(status("", "same-origin"), 200);
  EXPECT_EQ(status("", "none"), 200) << "typed by a person";
  EXPECT_EQ(reloads_, 4);
  EXPECT_EQ(status("http://exporter", ""), 403);
  EXPECT_EQ(status("https://elsewhere.example", ""), 403);
  EXPECT_EQ(status("null", ""), 403);
  EXPECT_EQ(status("", "same-site"), 403);
  EXPECT_EQ(status("http://exporter:10365", "cross-site"), 403);
  EXPECT_EQ(reloads_, 4);
}

}  // namespace
}  // namespace pce
