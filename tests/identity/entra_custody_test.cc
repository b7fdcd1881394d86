// Which refresh token is redeemed, and with what proof.
#include <thread>

#include "tests/identity/entra_fixture.h"

namespace pce {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using EntraCustodyTest = EntraFixture;

std::string body_of(const HttpRequest& request) { return std::string(request.body.reveal()); }

// The refresh tokens that were sent, in order.
std::vector<std::string> tokens_sent(const ScriptedTransport& transport) {
  std::vector<std::string> tokens;
  for (const HttpRequest& request : transport.requests()) {
    const std::string body = body_of(request);
    const auto at = body.find("&refresh_token=") + 15;
    tokens.push_back(body.substr(at, body.find('&', at) - at));
  }
  return tokens;
}

TEST_F(EntraCustodyTest, RecordsWhoseABareTokenIsOnceItHasWorked) {
  folder_.write("token", "a\n");
  ScriptedTransport transport([](const HttpRequest&) {
    return issued("x", R"("expires_in":3600,"scope":"p q","refresh_token":"b")");
  });
  ASSERT_TRUE(source(transport).issue({}));
  EXPECT_TRUE(record() == TokenRecord({.refresh_token = Secret("b"),
                                       .previous = Secret("a"),
                                       .authority = "https://login.example",
                                       .tenant_id = "tenant-1",
                                       .client_id = "client 1",
                                       .client_type = ClientType::kPublic,
                                       .scope = "p q",
                                       .rotated_at = clock_.wall()}));
}

TEST_F(EntraCustodyTest, KeepsWhatTheSignInSaid) {
  const TokenRecord signed_in{.refresh_token = Secret("a"),
                              .authority = "https://LOGIN.example",
                              .tenant_id = "tenant-1",
                              .client_id = "client 1",
                              .client_type = ClientType::kPublic,
                              .scope = "p",
                              .flow = "device_code",
                              .user = "zoe",
                              .methods = {"pwd", "mfa"},
                              .signed_in_at = WallTime(seconds(5))};
  store(signed_in);
  ScriptedTransport transport([](const HttpRequest&) { return rotated("x", "b"); });
  ASSERT_TRUE(source(transport).issue({}));
  TokenRecord wanted = signed_in;
  wanted.refresh_token = Secret("b");
  wanted.previous = Secret("a");
  wanted.rotated_at = clock_.wall();
  EXPECT_TRUE(record() == wanted);
}

TEST_F(EntraCustodyTest, NeverProvesItselfForAPublicClientsToken) {
  folder_.write("secret", "s3cret");
  store({.refresh_token = Secret("a"), .client_type = ClientType::kPublic});
  ScriptedTransport transport([](const HttpRequest&) { return issued("x"); });
  auto entra = source(transport, secret_);
  testing::internal::CaptureStderr();
  ASSERT_TRUE(entra.issue({}));
  ASSERT_TRUE(entra.issue({}));
  const std::string log = testing::internal::GetCapturedStderr();
  for (const HttpRequest& request : transport.requests())
    EXPECT_THAT(body_of(request), Not(HasSubstr("client_secret")));
  const auto first = log.find("proof is not used");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("proof is not used", first + 1), std::string::npos) << "once is enough";
}

TEST_F(EntraCustodyTest, AsksNobodyWithAConfidentialClientsTokenAndNoProof) {
  store({.refresh_token = Secret("a"), .client_type = ClientType::kConfidential});
  ScriptedTransport transport([](const HttpRequest&) { return issued("x"); });
  const auto issued = source(transport).issue({});
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(issued.error().message, HasSubstr("client_secret_file"));
  EXPECT_TRUE(transport.requests().empty());
}

TEST_F(EntraCustodyTest, TakesABareTokenForAConfidentialClientsWhereAProofIsConfigured) {
  folder_.write("secret", "s3cret");
  folder_.write("token", "a");
  ScriptedTransport transport([](const HttpRequest&) { return issued("x"); });
  ASSERT_TRUE(source(transport, secret_).issue({}));
  EXPECT_THAT(body_of(transport.requests().at(0)), HasSubstr("&client_secret=s3cret"));
  EXPECT_EQ(record().client_type, ClientType::kConfidential);
}

TEST_F(EntraCustodyTest, RecordsNoClientTypeThatDidNotWork) {
  folder_.write("token", "a");
  ScriptedTransport transport(
      [](const HttpRequest&) { return refused("invalid_client", 7000218); });
  EXPECT_FALSE(source(transport).issue({}));
  EXPECT_EQ(folder_.read("token"), "a");
}

TEST_F(EntraCustodyTest, AsksNobodyWithAForeignTokenThatAppearsWhileItRuns) {
  folder_.write("token", "a");
  ScriptedTransport transport([](const HttpRequest&) { return rotated("x", "b"); });
  auto entra = source(transport);
  ASSERT_TRUE(entra.issue({}));
  const std::string inputs = entra.inputs();
  store({.refresh_token = Secret("theirs"), .tenant_id = "tenant-2"});
  EXPECT_NE(entra.inputs(), inputs);
  const auto issued = entra.issue({});
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(tokens_sent(transport), ElementsAre("a"));
  EXPECT_EQ(stored(), "theirs");
}

TEST_F(EntraCustodyTest, TriesTheTokenBeforeWhereTheNewestIsNoGood) {
  store({.refresh_token = Secret("bad"), .previous = Secret("good")});
  ScriptedTransport transport([](const HttpRequest& request) {
    return body_of(request).find("refresh_token=bad") != std::string::npos
               ? refused("invalid_grant", 70000)
               : rotated("x", "new");
  });
  testing::internal::CaptureStderr();
  const auto issued = source(transport).issue({});
  const std::string log = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_THAT(tokens_sent(transport), ElementsAre("bad", "good"));
  EXPECT_EQ(stored(), "new");
  EXPECT_EQ(record().previous.reveal(), "good");
  EXPECT_THAT(log, HasSubstr("the one before it still works"));
  EXPECT_THAT(log, HasSubstr("AADSTS70000"));
}

TEST_F(EntraCustodyTest, TriesTheTokenBeforeOnlyOnce) {
  store({.refresh_token = Secret("bad"), .previous = Secret("worse")});
  ScriptedTransport transport([](const HttpRequest& request) {
    return refused("invalid_grant",
                   body_of(request).find("=bad") != std::string::npos ? 50173 : 700082);
  });
  auto entra = source(transport);
  for (int i = 0; i < 3; ++i) {
    const auto issued = entra.issue({});
    ASSERT_FALSE(issued);
    EXPECT_EQ(issued.error().api_code, "AADSTS50173") << "what is wrong with the newest one counts";
  }
  EXPECT_THAT(tokens_sent(transport), ElementsAre("bad", "worse", "bad", "bad"));
  EXPECT_EQ(record().previous.reveal(), "worse");
}

TEST_F(EntraCustodyTest, TriesTheTokenBeforeAgainWhereThatFailedForAnotherReason) {
  store({.refresh_token = Secret("bad"), .previous = Secret("good")});
  int nth = 0;
  ScriptedTransport transport([&](const HttpRequest&) {
    ++nth;
    if (nth == 4) return issued("x");
    return nth == 2 ? HttpResponse{.status = 503} : refused("invalid_grant", 70000);
  });
  auto entra = source(transport);
  const auto first = entra.issue({});
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, ErrorKind::kUpstream) << "nobody is called for what may pass";
  EXPECT_TRUE(entra.issue({}));
  EXPECT_THAT(tokens_sent(transport), ElementsAre("bad", "good", "bad", "good"));
  EXPECT_EQ(stored(), "good");
  EXPECT_TRUE(record().previous.empty());
}

struct OtherRefusal {
  std::string name, word;
  int code;
};

class RefusalOfAnotherKind : public EntraCustodyTest,
                             public testing::WithParamInterface<OtherRefusal> {};

TEST_P(RefusalOfAnotherKind, IsNoReasonToTryTheTokenBefore) {
  store({.refresh_token = Secret("a"), .previous = Secret("before")});
  ScriptedTransport transport(
      [](const HttpRequest&) { return refused(GetParam().word, GetParam().code); });
  EXPECT_FALSE(source(transport).issue({}));
  EXPECT_THAT(tokens_sent(transport), ElementsAre("a"));
}

INSTANTIATE_TEST_SUITE_P(Codes, RefusalOfAnotherKind,
                         testing::Values(OtherRefusal{"throttle", "invalid_grant", 50196},
                                         OtherRefusal{"interaction", "interaction_required", 50076},
                                         OtherRefusal{"client", "invalid_client", 7000215},
                                         OtherRefusal{"service", "temporarily_unavailable", 90033}),
                         [](const auto& row) { return row.param.name; });

TEST_F(EntraCustodyTest, RedeemsWhatAnotherProcessLeftWhileItWaited) {
  SystemClock real;
  store({.refresh_token = Secret("a")});
  ScriptedTransport transport([](const HttpRequest&) { return issued("x"); });
  auto theirs = std::make_unique<Result<TokenLock>>(TokenFile(path_).lock(real, seconds(0), {}));
  ASSERT_TRUE((*theirs)->held());
  Governor governor(real, {.requests_per_minute = 6000, .concurrency = 1});
  EntraTokenSource entra({transport, governor, real, telemetry_}, public_,
                         {.login = "https://login.example",
                          .tenant_id = "tenant-1",
                          .client_id = "client 1",
                          .resource = "https://api.example",
                          .refresh_token_file = path_});
  std::jthread waiter([&] { EXPECT_TRUE(entra.issue({})); });
  store({.refresh_token = Secret("b")});
  theirs.reset();
  waiter.join();
  EXPECT_THAT(tokens_sent(transport), ElementsAre("b"));
}

TEST_F(EntraCustodyTest, CountsTheLifeOfATokenFromItsOwnRequest) {
  store({.refresh_token = Secret("a")});
  ScriptedTransport transport([](const HttpRequest&) { return issued("x"); });
  const auto theirs = TokenFile(path_).lock(clock_, seconds(0), {});
  const auto issued = source(transport).issue({});
  ASSERT_TRUE(issued);
  EXPECT_EQ(issued->lifetime, seconds(3600 + 30)) << "the wait for the lock is none of it";
}

TEST_F(EntraCustodyTest, StopsWaitingForTheLockWhenWeStop) {
  store({.refresh_token = Secret("a")});
  ScriptedTransport transport([](const HttpRequest&) { return issued("x"); });
  const auto theirs = TokenFile(path_).lock(clock_, seconds(0), {});
  std::stop_source stop;
  clock_.stop_after(2, stop);
  const auto issued = source(transport).issue(stop.get_token());
  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(transport.requests().empty());
  EXPECT_EQ(reading(registry_, "partner_center_token_refresh_failures_total"), 0);
}

TEST_F(EntraCustodyTest, SaysWhenTheRefreshTokenEnds) {
  store({.refresh_token = Secret("a"), .rotated_at = WallTime(seconds(1))});
  ScriptedTransport transport([](const HttpRequest&) { return rotated("x", "b"); });
  auto entra = source(transport);
  ASSERT_TRUE(entra.begin());
  EXPECT_EQ(entra.ends().refresh_token, WallTime(seconds(1)) + std::chrono::days(90));
  ASSERT_TRUE(entra.issue({}));
  EXPECT_EQ(entra.ends().refresh_token, clock_.wall() + std::chrono::days(90));
  EXPECT_TRUE(entra.ends().refresh_token_stored);
}

}  // namespace
}  // namespace pce
