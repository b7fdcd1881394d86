#include "exporter/web/request_gate.h"

namespace pce {
namespace {

using testing::HasSubstr;

struct RefusedRequest {
  std::string name;
  std::string method;
  std::vector<SentHeader> headers;
  std::string complaint;
  std::string target = "/";
  std::string version = "HTTP/1.0";  // wants no Host
};

class RequestGateRefuses : public testing::TestWithParam<RefusedRequest> {};

TEST_P(RequestGateRefuses, WithAReason) {
  const auto refusal = refuse_request({GetParam().method, GetParam().target, GetParam().version},
                                      GetParam().headers);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 400);
  EXPECT_THAT(refusal->reason, HasSubstr(GetParam().complaint));
}

constexpr SentHeader kHost{"Host", "localhost"};

INSTANTIATE_TEST_SUITE_P(
    Table, RequestGateRefuses,
    testing::Values(
        RefusedRequest{"TwoHosts", "GET", {kHost, {"host", "elsewhere"}}, "more than one Host"},
        RefusedRequest{"TwoLengths",
                       "POST",
                       {{"Content-Length", "0"}, {"content-length", "34"}},
                       "more than one Content-Length"},
        RefusedRequest{"TwoEqualLengths",
                       "POST",
                       {{"Content-Length", "5"}, {"Content-Length", "5"}},
                       "more than one Content-Length"},
        RefusedRequest{"LengthAndCoding",
                       "POST",
                       {{"Content-Length", "4"}, {"Transfer-Encoding", "chunked"}},
                       "exclude each other"},
        RefusedRequest{"LengthList", "POST", {{"Content-Length", "5, 5"}}, "not a number"},
        RefusedRequest{"LengthWithSign", "POST", {{"Content-Length", "+5"}}, "not a number"},
        RefusedRequest{"LengthInHex", "POST", {{"Content-Length", "0x5"}}, "not a number"},
        RefusedRequest{"EmptyLength", "GET", {{"Content-Length", ""}}, "not a number"},
        RefusedRequest{"UnknownCoding", "POST", {{"Transfer-Encoding", "xchunked"}}, "chunked"},
        RefusedRequest{"CodingList", "POST", {{"Transfer-Encoding", "gzip, chunked"}}, "chunked"},
        RefusedRequest{"CodingTwice",
                       "POST",
                       {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
                       "chunked"},
        RefusedRequest{"GetWithBody", "GET", {{"Content-Length", "4"}}, "must not have a body"},
        RefusedRequest{"HeadWithBody", "HEAD", {{"Content-Length", "04"}}, "must not have a body"},
        RefusedRequest{
            "GetWithChunks", "GET", {{"Transfer-Encoding", "chunked"}}, "must not have a body"},
        RefusedRequest{"SpaceBeforeColon", "GET", {kHost, {"Accept ", "*/*"}}, "header's name"},
        RefusedRequest{"EmptyName", "GET", {kHost, {"", "x"}}, "header's name"},
        RefusedRequest{"FoldedIntoName", "GET", {kHost, {"X-A folded", "x"}}, "header's name"},
        RefusedRequest{
            "CarriageReturnInValue", "GET", {kHost, {"Accept", "a\rb"}}, "control character"},
        RefusedRequest{"ZeroByteInValue",
                       "GET",
                       {kHost, {"Accept", std::string_view("a\0b", 3)}},
                       "control character"},
        RefusedRequest{"EscapeInValue", "GET", {kHost, {"Accept", "\x1b[2J"}}, "control character"},
        RefusedRequest{"NoHost", "GET", {{"Accept", "*/*"}}, "no Host", "/", "HTTP/1.1"},
        RefusedRequest{"HostList", "GET", {{"Host", "a,b"}}, "not one host"},
        RefusedRequest{"HostWithPath", "GET", {{"Host", "a/b"}}, "not one host"},
        RefusedRequest{"MethodWithSlash", "G/T", {kHost}, "The method"},
        RefusedRequest{"NoMethod", "", {kHost}, "The method"},
        RefusedRequest{"SpaceInTarget", "GET", {kHost}, "request target", "/a b"},
        RefusedRequest{"ControlInTarget", "GET", {kHost}, "request target", "/a\x01"}),
    [](const auto& row) { return row.param.name; });

TEST(RequestGate, RefusesWhatIsTooLarge) {
  const auto status_of = [](std::size_t target, std::size_t count, std::size_t value) {
    const std::string long_value(value, 'a');
    const std::vector<SentHeader> headers(count, {"X", long_value});
    const auto refusal = refuse_request({"GET", std::string(target, 'a'), "HTTP/1.0"}, headers);
    return refusal ? refusal->status : 200;
  };
  EXPECT_EQ(status_of(16'384, 0, 0), 200);
  EXPECT_EQ(status_of(16'385, 0, 0), 414);
  EXPECT_EQ(status_of(1, 100, 1), 200);
  EXPECT_EQ(status_of(1, 101, 1), 431);
  EXPECT_EQ(status_of(1, 2, 8'191), 200);
  EXPECT_EQ(status_of(1, 2, 8'192), 431);
}

struct AllowedRequest {
  std::string name;
  std::string method;
  std::vector<SentHeader> headers;
  bool body;
  std::string target = "/metrics";
  std::string version = "HTTP/1.0";
};

class RequestGateAllows : public testing::TestWithParam<AllowedRequest> {};

TEST_P(RequestGateAllows, AndKnowsWhetherABodyFollows) {
  const auto refusal = refuse_request({GetParam().method, GetParam().target, GetParam().version},
                                      GetParam().headers);
  EXPECT_FALSE(refusal) << refusal->reason;
  EXPECT_EQ(announces_body(GetParam().headers), GetParam().body);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RequestGateAllows,
    testing::Values(
        AllowedRequest{"Scrape",
                       "GET",
                       {kHost,
                        {"User-Agent", "Prometheus/3.5.3"},
                        {"Accept", "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"},
                        {"X-Prometheus-Scrape-Timeout-Seconds", "10"}},
                       false},
        AllowedRequest{"HostWithPort", "GET", {{"Host", "exporter-1.example_x:10365"}}, false},
        AllowedRequest{"HostInBrackets", "GET", {{"Host", "[fe80::1%25eth0]:10365"}}, false},
        AllowedRequest{"NoHeaders", "GET", {}, false},
        AllowedRequest{
            "EmptyValueTabAndUtf8", "GET", {{"X-A", ""}, {"X-B", "a\tb"}, {"X-C", "Größe"}}, false},
        AllowedRequest{"GetWithLengthZero", "GET", {{"Content-Length", "0"}}, false},
        AllowedRequest{"PostWithBody", "POST", {{"Content-Length", "12"}}, true},
        AllowedRequest{"Http11", "GET", {kHost}, false, "/metrics?a=b%20c", "HTTP/1.1"},
        AllowedRequest{"PostInChunks", "POST", {{"transfer-encoding", "chunked"}}, true}),
    [](const auto& row) { return row.param.name; });

struct HeaderBlock {
  std::string name;
  std::string sent;  // from the HTTP version on; the first colon of a line and each CR and LF at
                     // its end become zeros
  bool refused;
};

// What the library does to a buffer.
std::string marked(const std::string& sent) {
  std::string block;
  bool colon_seen = true;  // the rest of the request line has none
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const char c = sent[i];
    const bool line_end = c == '\n' || (c == '\r' && i + 1 < sent.size() && sent[i + 1] == '\n');
    const bool colon = c == ':' && !colon_seen;
    block += line_end || colon ? '\0' : c;
    colon_seen = c == '\n' ? false : colon_seen || colon;
  }
  return block;
}

class HeaderBlocks : public testing::TestWithParam<HeaderBlock> {};

TEST_P(HeaderBlocks, AreToldApart) {
  EXPECT_EQ(refuse_header_block(marked(GetParam().sent)).has_value(), GetParam().refused);
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Table, HeaderBlocks,
    testing::Values(
        HeaderBlock{"NoHeaders", "HTTP/1.0\r\n\r\n", false},
        HeaderBlock{"Ordinary", "HTTP/1.1\r\nHost: a:80\r\nAccept:  */*\r\nX-Empty:\r\n\r\n",
                    false},
        HeaderBlock{"LoneLineFeed", "HTTP/1.1\r\nHost: a\nAccept: b\r\n\r\n", true},
        HeaderBlock{"LoneLineFeedAfterVersion", "HTTP/1.1\nHost: a\r\n\r\n", true},
        HeaderBlock{"LoneLineFeedAtTheEnd", "HTTP/1.1\r\nHost: a\r\n\n", true},
        HeaderBlock{"ZeroByteInValue", "HTTP/1.1\r\nHost: a\0b\r\n\r\n"s, true},
        HeaderBlock{"ZeroByteAtEndOfValue", "HTTP/1.1\r\nHost: a\0\r\n\r\n"s, true},
        HeaderBlock{"TwoZeroBytesInValue", "HTTP/1.1\r\nHost: a\0\0Evil: b\r\nX: y\r\n\r\n"s, true},
        HeaderBlock{"ZeroByteInName", "HTTP/1.1\r\nHo\0st: a\r\n\r\n"s, true},
        HeaderBlock{"Folded", "HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", true},
        HeaderBlock{"FoldedWithColon", "HTTP/1.1\r\nHost: a\r\n\tb: c\r\n\r\n", true},
        HeaderBlock{"FoldedInTheMiddle", "HTTP/1.1\r\nHost: a\r\n b\r\nAccept: c\r\n\r\n", true},
        HeaderBlock{"NoEmptyLine", "HTTP/1.1\r\nHost: a\r\n", true},
        HeaderBlock{"Nothing", "", true}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pce
