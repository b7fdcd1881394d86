#include "exporter/base/result.h"

namespace pce {
namespace {

TEST(Result, IsAValueOrAnError) {
  const Result<int> good = 3;
  const Result<int> bad = Error{.kind = ErrorKind::kMalformed, .message = "not JSON"};
  EXPECT_TRUE(good);
  EXPECT_EQ(*good, 3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "not JSON");
}

TEST(Error, KeepsItsKindWhenContextIsAdded) {
  const Error error =
      with_context(Error{.kind = ErrorKind::kTls, .message = "expired", .http_status = 0}, "token");
  EXPECT_EQ(error.kind, ErrorKind::kTls);
  EXPECT_EQ(error.message, "token: expired");
}

TEST(ErrorKind, SaysWhetherTheTokenIsToBlame) {
  for (const ErrorKind kind : {ErrorKind::kUnauthorized, ErrorKind::kMfaMissing,
                               ErrorKind::kWrongAudience, ErrorKind::kAppOnly})
    EXPECT_TRUE(is_about_the_token(kind)) << name_of(kind);
  for (const ErrorKind kind : {ErrorKind::kForbidden, ErrorKind::kSettings, ErrorKind::kUpstream})
    EXPECT_FALSE(is_about_the_token(kind)) << name_of(kind);
}

TEST(Error, EndsWithItsNextStepAndCanBeShownWithoutIt) {
  const Error error = with_context(
      with_next_step(Error{.kind = ErrorKind::kTls, .message = "expired; since May"}, "renew it"),
      "token");
  EXPECT_EQ(error.message, "token: expired; since May; renew it");
  EXPECT_EQ(error.next_step, "renew it");
  EXPECT_EQ(finding_of(error), "token: expired; since May");
  EXPECT_EQ(finding_of(Error{.message = "no; step"}), "no; step");
  // Somebody put other words in its place.
  EXPECT_EQ(finding_of(Error{.message = "not shown", .next_step = "renew it"}), "not shown");
}

}  // namespace
}  // namespace pce
