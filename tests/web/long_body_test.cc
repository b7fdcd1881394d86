// Bodies in pieces: those that stand in memory, and those that are made while they are sent.
#include <atomic>
#include <future>
#include <new>

#include "tests/support/body.h"
#include "tests/support/raw_client.h"
#include "tests/web/served.h"

namespace pce {
namespace {

// Pieces of very different sizes, each saying which it is.
std::vector<std::string> pieces_of(std::size_t count) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    std::string piece = "piece " + std::to_string(i) + "\n";
    while (piece.size() < i * 7919 % 4000) piece += piece;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::string joined(const std::vector<std::string>& pieces) {
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  return text;
}

WebResponse in_memory(const std::vector<std::string>& pieces) {
  const auto kept = std::make_shared<const std::vector<std::string>>(pieces);
  WebResponse response{.content_type = "text/plain", .long_body = {.owner = kept}};
  for (const std::string& piece : *kept) {
    response.long_body.pieces.emplace_back(piece);
    response.long_body.size += piece.size();
  }
  return response;
}

WebResponse made_meanwhile(const std::vector<std::string>& pieces) {
  WebResponse response{.content_type = "text/plain"};
  response.long_body.size = joined(pieces).size();
  response.long_body.next = [pieces, at = std::size_t{0}]() mutable -> std::string_view {
    return at < pieces.size() ? std::string_view(pieces[at++]) : std::string_view();
  };
  return response;
}

struct Way {
  const char* name;
  WebResponse (*respond)(const std::vector<std::string>&);
};

class LongBodyTest : public testing::TestWithParam<Way> {};

TEST_P(LongBodyTest, ArrivesWholeWithItsLengthSaidBefore) {
  // More pieces than any system call takes at once, and more than fit a connection's own memory.
  for (const std::size_t count : {1U, 2U, 1024U, 5000U}) {
    const auto pieces = pieces_of(count);
    const auto server = served([&pieces](const WebRequest&) { return GetParam().respond(pieces); });
    RawClient client = client_of(*server);
    for (int time = 0; time < 2; ++time) {
      const auto answer = client.get("/");
      ASSERT_TRUE(answer) << count;
      EXPECT_EQ(answer->status, 200);
      EXPECT_EQ(answer->header("Content-Length"), std::to_string(joined(pieces).size()));
      EXPECT_EQ(answer->header("Transfer-Encoding"), "");
      EXPECT_TRUE(answer->body == joined(pieces)) << count;
    }
    ASSERT_TRUE(client.send(request_text("HEAD", "/")));
    const auto head = client.read_answer(Expect::kNoBody);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->header("Content-Length"), std::to_string(joined(pieces).size()));
    EXPECT_TRUE(client.get("/")) << "the connection goes on after a HEAD";
  }
}

TEST_P(LongBodyTest, ArrivesWholeWhereFiftyAskAtOnce) {
  const auto pieces = pieces_of(300);
  const std::string whole = joined(pieces);
  const auto server = served([&pieces](const WebRequest&) { return GetParam().respond(pieces); });
  std::vector<std::future<bool>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::async(std::launch::async, [&] {
      const auto answer = client_of(*server).get("/");
      return answer && answer->body == whole;
    }));
  }
  for (auto& client : clients) EXPECT_TRUE(client.get());
}

TEST_P(LongBodyTest, IsLetGoOfWhenItHasLeftOrItsClientHas) {
  const auto pieces = pieces_of(3000);
  for (const bool client_reads : {true, false}) {
    std::promise<void> let_go;
    const auto server = served([&](const WebRequest&) {
      WebResponse response = GetParam().respond(pieces);
      response.place = {&let_go, [&let_go](const void*) { let_go.set_value(); }};
      return response;
    });
    {
      RawClient client = client_of(*server);
      ASSERT_TRUE(client.send(request_text("GET", "/")));
      ASSERT_TRUE(client.read_answer(client_reads ? Expect::kBody : Expect::kNoBody));
    }
    EXPECT_EQ(let_go.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, LongBodyTest,
                         testing::Values(Way{"InMemory", &in_memory},
                                         Way{"MadeMeanwhile", &made_meanwhile}),
                         [](const auto& way) { return way.param.name; });

// The library puts its list of pieces into memory that the request has been eating from; without
// room for it, it would end the process.
TEST(LongBody, IsSentWhateverRoomTheRequestLeaves) {
  const auto pieces = pieces_of(200);
  const std::string whole = joined(pieces);
  const auto server = served([&pieces](const WebRequest&) { return in_memory(pieces); });
  const auto many = [](const std::string& one, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += one;
    return all;
  };
  // With more arguments than fit the library does not answer at all.
  for (int size = 0; size < 31'500; size += 450) {
    const std::vector<std::string> requests{
        request_text("GET", "/?" + many("&a", size / 64)),
        request_text("GET", "/", many("a:\r\n", size / 64)),
        request_text("GET", "/", "Cookie: " + many("a=;", size / 64) + "\r\n"),
        request_text("GET", "/",
                     "Long: " + std::string(static_cast<std::size_t>(size), 'x') + "\r\n"),
        // Two at once: what was read of the second lies behind the first.
        request_text("GET", "/") +
            request_text("GET", "/",
                         "Long: " + std::string(static_cast<std::size_t>(size), 'x') + "\r\n"),
        request_text("GET", "/", "Long: " + std::string(20'000, 'x') + "\r\n") +
            request_text("GET", "/") + std::string(static_cast<std::size_t>(size), 'x')};
    for (const std::string& request : requests) {
      RawClient client = client_of(*server);
      client.send(request);
      if (const auto answer = client.read_answer(); answer && answer->status == 200) {
        EXPECT_TRUE(answer->body == whole);
      }
    }
  }
  const auto answer = client_of(*server).get("/");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->body == whole);
}

TEST(LongBody, ThatEndsEarlyIsCutAndNotPassedOffAsWhole) {
  const auto server = served([](const WebRequest& request) {
    WebResponse response{.content_type = "text/plain"};
    response.long_body.size = 1'000'000;
    response.long_body.next = [once = false,
                               fails = request.path == "/throws"]() mutable -> std::string_view {
      if (std::exchange(once, true)) {
        if (fails) throw std::bad_alloc();
        return {};
      }
      return "the beginning";
    };
    return response;
  });
  EXPECT_FALSE(client_of(*server).get("/stops"));
  EXPECT_FALSE(client_of(*server).get("/throws"));
}

}  // namespace
}  // namespace pce
