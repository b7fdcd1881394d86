#include "exporter/http/reception.h"

namespace pce {
namespace {

Reception roomy() { return {.limits = {.body_bytes = 10, .header_bytes = 1000}}; }

TEST(Reception, TakesABodyUpToItsLimitAndNotAByteMore) {
  Reception in = roomy();
  EXPECT_TRUE(in.take_body("12345"));
  EXPECT_TRUE(in.take_body("67890"));
  EXPECT_TRUE(in.take_body(""));
  EXPECT_FALSE(in.body_too_large);
  EXPECT_FALSE(in.take_body("1"));
  EXPECT_TRUE(in.body_too_large);
  EXPECT_EQ(in.response.body, "1234567890");
}

TEST(Reception, CountsTheHeadersOfInterimAnswersToo) {
  Reception in{.limits = {.body_bytes = 10, .header_bytes = 60}};
  EXPECT_TRUE(in.take_header("HTTP/1.1 103 Early Hints\r\n"));
  EXPECT_TRUE(in.take_header("\r\n"));
  EXPECT_TRUE(in.take_header("HTTP/1.1 103 Early Hints\r\n"));
  EXPECT_FALSE(in.take_header("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(in.headers_too_large);
}

TEST(Reception, KeepsOnlyTheHeadersOfTheAnswerItself) {
  Reception in = roomy();
  for (const char* line :
       {"HTTP/1.1 103 Early Hints\r\n", "Link: </a>\r\n", "\r\n", "HTTP/1.1 200 OK\r\n",
        "Content-Type:application/json \r\n", "no colon here\r\n", "\r\n", "Retry-After: 1\r\n"}) {
    EXPECT_TRUE(in.take_header(line));
  }
  EXPECT_TRUE(in.headers_done);
  ASSERT_EQ(in.response.headers.size(), 1U);
  EXPECT_EQ(in.response.header("content-type"), "application/json");
}

TEST(Reception, RefusesAStatusLineThatIsNone) {
  for (const char* line :
       {"HTTP/x.y what?\r\n", "HTTP/1.1\r\n", "HTTP/1.1 \r\n", "HTTP/1.1 20\r\n",
        "HTTP/1.1 2000\r\n", "HTTP/1.1 -20 x\r\n", "HTTP/2 200\r\n", "HTTP/1.1 099 x\r\n"}) {
    Reception in = roomy();
    EXPECT_FALSE(in.take_header(line)) << line;
    EXPECT_TRUE(in.not_http) << line;
  }
  for (const char* line : {"HTTP/1.1 200 OK\r\n", "HTTP/1.0 200\r\n", "HTTP/1.1 200 \r\n"}) {
    Reception in = roomy();
    EXPECT_TRUE(in.take_header(line)) << line;
    EXPECT_EQ(in.response.status, 200) << line;
  }
}

TEST(HeaderValue, CannotCarryASecondHeader) {
  EXPECT_TRUE(is_header_value("AQAAAA== \t/+äöü"));
  EXPECT_FALSE(is_header_value("a\r\nX: y"));
  EXPECT_FALSE(is_header_value("a\nb"));
  EXPECT_FALSE(is_header_value(std::string_view("a\0b", 3)));
}

TEST(HeaderName, IsAToken) {
  EXPECT_TRUE(is_header_name("MS-ContinuationToken"));
  for (const char* name : {"", "A B", "A:", "A\r\n", "Ä", "(x)"})
    EXPECT_FALSE(is_header_name(name)) << name;
}

}  // namespace
}  // namespace pce
