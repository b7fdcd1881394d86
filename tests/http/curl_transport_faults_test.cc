#include <chrono>
#include <thread>

#include "exporter/http/curl_transport.h"
#include "tests/support/http_imposter.h"

namespace pce {
namespace {

using Reply = HttpImposter::Reply;
using Then = HttpImposter::Then;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

struct BadAnswer {
  std::string name;
  Reply reply;
  ErrorKind kind;
};

class BrokenAnswer : public testing::TestWithParam<BadAnswer> {};

TEST_P(BrokenAnswer, IsRefusedAsAWholeAndTheNextCallWorks) {
  HttpImposter server([](const std::string&, int nth) {
    return nth == 0 ? GetParam().reply : HttpImposter::answer(200, "fine");
  });
  CurlTransport transport({.header_bytes_max = 64 * 1024});
  const auto answer = transport.send({.url = server.url("/path?canary=query"),
                                      .bearer = Secret("canary-token"),
                                      .timeout = milliseconds(300),
                                      .body_bytes_max = 100'000},
                                     {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, GetParam().kind)
      << name_of(answer.error().kind) << answer.error().message;
  EXPECT_THAT(answer.error().message, HasSubstr("127.0.0.1:" + std::to_string(server.port())));
  EXPECT_THAT(answer.error().message, Not(HasSubstr("canary")));
  const auto next = transport.send({.url = server.url()}, {});
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next->body, "fine");
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kChunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";

INSTANTIATE_TEST_SUITE_P(
    Kinds, BrokenAnswer,
    testing::Values(
        BadAnswer{"closed_without_a_word", {"", Then::kClose}, ErrorKind::kCut},
        BadAnswer{"closed_in_the_headers", {kOk + "Content-", Then::kClose}, ErrorKind::kCut},
        BadAnswer{"reset_without_a_word", {"", Then::kReset}, ErrorKind::kCut},
        BadAnswer{"reset_in_the_body",
                  {kOk + "Content-Length: 9\r\n\r\n1234", Then::kReset},
                  ErrorKind::kCut},
        BadAnswer{"body_shorter_than_announced",
                  {kOk + "Content-Length: 9\r\n\r\n1234", Then::kClose},
                  ErrorKind::kCut},
        BadAnswer{
            "cut_between_chunks", {kChunked + "4\r\nabcd\r\n", Then::kClose}, ErrorKind::kCut},
        BadAnswer{"cut_in_a_chunk", {kChunked + "9\r\nabcd", Then::kClose}, ErrorKind::kCut},
        BadAnswer{
            "cut_in_a_chunk_header", {kChunked + "4\r\nabcd\r\n1", Then::kClose}, ErrorKind::kCut},
        BadAnswer{
            "garbage_chunk_size", {kChunked + "zz\r\nabcd\r\n", Then::kClose}, ErrorKind::kCut},
        BadAnswer{"not_http", {"SSH-2.0-OpenSSH_9.2\r\n", Then::kClose}, ErrorKind::kMalformed},
        BadAnswer{"garbage_status_line",
                  {"HTTP/x.y what?\r\n\r\nbody", Then::kClose},
                  ErrorKind::kMalformed},
        BadAnswer{"not_gzip_though_it_says_so",
                  {kOk + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", Then::kClose},
                  ErrorKind::kMalformed},
        BadAnswer{"garbage_content_length",
                  {kOk + "Content-Length: x\r\n\r\nabcd", Then::kClose},
                  ErrorKind::kMalformed},
        BadAnswer{"silent_from_the_start", {"", Then::kSilence}, ErrorKind::kTimeout},
        BadAnswer{"silent_in_the_body",
                  {kOk + "Content-Length: 9\r\n\r\n1234", Then::kSilence},
                  ErrorKind::kTimeout},
        BadAnswer{"announces_too_much",
                  {kOk + "Content-Length: 50000000\r\n\r\n", Then::kSilence},
                  ErrorKind::kTooLarge},
        BadAnswer{"never_ends",
                  {kOk + "\r\n", Then::kForEver, std::string(1000, 'x')},
                  ErrorKind::kTooLarge},
        BadAnswer{"never_ends_in_chunks",
                  {kChunked, Then::kForEver, "4\r\nabcd\r\n"},
                  ErrorKind::kTooLarge},
        BadAnswer{"headers_never_end",
                  {kOk, Then::kForEver, "X-More: 0123456789\r\n"},
                  ErrorKind::kTooLarge},
        BadAnswer{"one_header_never_ends",
                  {kOk + "X-Long: ", Then::kForEver, std::string(1000, 'x')},
                  ErrorKind::kTooLarge},
        BadAnswer{"interim_answers_never_end",
                  {"", Then::kForEver, "HTTP/1.1 103 Early Hints\r\n\r\n"},
                  ErrorKind::kTooLarge}),
    [](const auto& row) { return row.param.name; });

TEST(CurlTransport, SaysThatAConnectionWasRefused) {
  int port = 0;
  {
    const HttpImposter gone([](const std::string&, int) { return Reply{}; });
    port = gone.port();
  }
  CurlTransport transport({});
  const auto answer =
      transport.send({.url = "http://127.0.0.1:" + std::to_string(port) + "/?canary"}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kConnect);
  EXPECT_THAT(answer.error().message, HasSubstr("127.0.0.1:" + std::to_string(port)));
  EXPECT_THAT(answer.error().message, Not(HasSubstr("canary")));
}

TEST(CurlTransport, SaysThatANameDoesNotResolve) {
  // A label of 64 characters cannot be put into a question, so no resolver is asked.
  CurlTransport transport({});
  const auto answer = transport.send({.url = "http://" + std::string(64, 'a') + ".invalid/"}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kDns) << answer.error().message;
}

TEST(CurlTransport, SaysThatTheOtherSideSpeaksNoTls) {
  HttpImposter server([](const std::string&, int) { return Reply{}; },
                      "220 mail.example ESMTP\r\n");
  CurlTransport transport({});
  std::string url = server.url("/?canary");
  url.replace(0, 4, "https");
  const auto answer = transport.send({.url = url}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTls) << answer.error().message;
  EXPECT_THAT(answer.error().message, Not(HasSubstr("canary")));
}

struct Unsendable {
  std::string name;
  HttpRequest request;
  std::string complaint;
};

class RefusedRequest : public testing::TestWithParam<Unsendable> {};

TEST_P(RefusedRequest, IsNotSent) {
  CurlTransport transport({});
  const auto answer = transport.send(GetParam().request, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(answer.error().message, HasSubstr(GetParam().complaint));
  EXPECT_THAT(answer.error().message, Not(HasSubstr("canary")));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, RefusedRequest,
    testing::Values(Unsendable{"file", {.url = "file:///etc/hostname"}, "\"file\""},
                    Unsendable{"ftp", {.url = "ftp://127.0.0.1/"}, "\"ftp\""},
                    Unsendable{"no_url", {.url = "canary canary"}, "cannot be read"},
                    Unsendable{"user_in_url", {.url = "http://u:canary@127.0.0.1:1/"}, "user name"},
                    Unsendable{"method",
                               {.method = "DELETE", .url = "http://127.0.0.1:1/"},
                               "only GET and POST"},
                    Unsendable{"header_name",
                               {.url = "http://127.0.0.1:1/", .headers = {{"A: canary\r\nB", "x"}}},
                               "header name"},
                    Unsendable{"header_value",
                               {.url = "http://127.0.0.1:1/", .headers = {{"A", "x\r\nB: canary"}}},
                               "header A"},
                    Unsendable{"token",
                               {.url = "http://127.0.0.1:1/", .bearer = Secret("x\r\nB: canary")},
                               "access token"}),
    [](const auto& row) { return row.param.name; });

TEST(CurlTransport, GivesUpSoonAfterAStop) {
  std::stop_source stop;
  HttpImposter server([&](const std::string&, int nth) {
    if (nth > 0) return HttpImposter::answer(200, "fine");
    stop.request_stop();
    return Reply{.bytes = "", .then = Then::kSilence};
  });
  CurlTransport transport({});
  const auto before = std::chrono::steady_clock::now();
  const auto answer = transport.send({.url = server.url()}, stop.get_token());
  const auto took = std::chrono::steady_clock::now() - before;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kCancelled);
  EXPECT_LT(took, milliseconds(900))
      << "shorter than the longest poll: the stop must have woken it";
  EXPECT_TRUE(transport.send({.url = server.url()}, {}));
}

TEST(CurlTransport, GivesUpAnEndlessAnswerSoonAfterAStop) {
  HttpImposter server([](const std::string&, int) {
    return Reply{.bytes = kOk + "\r\n", .then = Then::kForEver, .again = std::string(1, 'x')};
  });
  CurlTransport transport({});
  std::stop_source stop;
  std::optional<Result<HttpResponse>> answer;
  std::jthread caller([&] {
    answer = transport.send({.url = server.url(), .body_bytes_max = SIZE_MAX}, stop.get_token());
  });
  while (server.requests().empty()) std::this_thread::yield();
  stop.request_stop();
  caller.join();
  ASSERT_FALSE(*answer);
  EXPECT_EQ(answer->error().kind, ErrorKind::kCancelled);
}

TEST(CurlTransport, SendsNothingOnceStopped) {
  HttpImposter server([](const std::string&, int) { return HttpImposter::answer(200, "x"); });
  CurlTransport transport({});
  std::stop_source stop;
  stop.request_stop();
  const auto answer = transport.send({.url = server.url()}, stop.get_token());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(server.requests().size(), 0U);
}

TEST(CurlTransport, GivesUpAnAnswerThatComesTooSlowly) {
  HttpImposter server([](const std::string&, int) {
    return Reply{.bytes = kOk + "Content-Length: 9\r\n\r\n1", .then = Then::kSilence};
  });
  CurlTransport transport({.slow_bytes_per_second = 100, .slow_for = std::chrono::seconds(1)});
  const auto answer =
      transport.send({.url = server.url(), .timeout = std::chrono::seconds(60)}, {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTimeout);
  EXPECT_THAT(answer.error().message, HasSubstr("100 bytes/sec"));
}

}  // namespace
}  // namespace pce
