#include "exporter/settings/endpoint.h"

namespace pce {
namespace {

struct Good {
  const char* text;
  const char* address;
};

TEST(Endpoint, IsKeptWithoutSlashesAtItsEnd) {
  const std::vector<Good> table{
      {.text = "https://api.partnercenter.microsoft.com",
       .address = "https://api.partnercenter.microsoft.com"},
      {.text = "https://api.partnercenter.microsoft.com/",
       .address = "https://api.partnercenter.microsoft.com"},
      {.text = "HTTPS://Proxy.Example:8443/Partner/",
       .address = "https://proxy.example:8443/Partner"},
      {.text = "http://127.0.0.1:10366", .address = "http://127.0.0.1:10366"},
      {.text = "http://127.8.9.10", .address = "http://127.8.9.10"},
      {.text = "http://localhost:1//", .address = "http://localhost:1"},
      {.text = "http://LOCALHOST", .address = "http://localhost"},
      {.text = "http://[::1]:10366/x", .address = "http://[::1]:10366/x"},
      {.text = "https://[2001:DB8::1]", .address = "https://[2001:db8::1]"},
      {.text = "https://10.1.2.3:65535", .address = "https://10.1.2.3:65535"},
  };
  for (const Good& row : table) {
    const auto address = parse_endpoint(row.text);
    ASSERT_TRUE(address) << row.text << ": " << address.error().message;
    EXPECT_EQ(*address, row.address);
  }
}

struct Bad {
  const char* name;
  const char* text;
  const char* complaint;
};

TEST(Endpoint, IsRefusedWhenItIsNoPlainBaseAddress) {
  const std::vector<Bad> table{
      {.name = "empty", .text = "", .complaint = "found \"\""},
      {.name = "no scheme", .text = "api.example.com", .complaint = "found \"api.example.com\""},
      {.name = "other scheme", .text = "ftp://api.example.com", .complaint = "found \"ftp://"},
      {.name = "file", .text = "file:///etc/passwd", .complaint = "found \"file:"},
      {.name = "one slash", .text = "https:/api.example.com", .complaint = "found"},
      {.name = "no host", .text = "https://", .complaint = "found"},
      {.name = "no host but a path", .text = "https:///v1", .complaint = "found"},
      {.name = "no host but a port", .text = "https://:443", .complaint = "found"},
      {.name = "space", .text = "https://api.example.com/a b", .complaint = "found"},
      {.name = "line feed", .text = "https://api.example.com\n", .complaint = "found"},
      {.name = "backslash", .text = "https://127.0.0.1\\evil.example", .complaint = "found"},
      {.name = "not ASCII", .text = "https://münchen.example", .complaint = "found"},
      {.name = "empty label", .text = "https://api..example.com", .complaint = "found"},
      {.name = "five numbers", .text = "https://1.2.3.4.5", .complaint = "found"},
      {.name = "number too large", .text = "https://256.1.1.1", .complaint = "found"},
      {.name = "port 0", .text = "https://api.example.com:0", .complaint = "found"},
      {.name = "port too large", .text = "https://api.example.com:65536", .complaint = "found"},
      {.name = "port without number", .text = "https://api.example.com:", .complaint = "found"},
      {.name = "port of letters", .text = "https://api.example.com:https", .complaint = "found"},
      {.name = "open bracket", .text = "https://[::1", .complaint = "found"},
      {.name = "brackets around a name", .text = "https://[localhost]", .complaint = "found"},
      {.name = "behind the bracket", .text = "https://[::1]x", .complaint = "found"},
      {.name = "http elsewhere",
       .text = "http://api.example.com",
       .complaint = "loopback addresses only"},
      {.name = "http to a private network",
       .text = "http://10.0.0.1",
       .complaint = "loopback addresses only"},
      {.name = "http to a name like loopback",
       .text = "http://127.0.0.1.example.com",
       .complaint = "loopback"},
      {.name = "http to a name like localhost",
       .text = "http://localhost.example.com",
       .complaint = "loopback"},
      {.name = "http to any address",
       .text = "http://0.0.0.0",
       .complaint = "loopback addresses only"},
      {.name = "http to IPv6",
       .text = "http://[2001:db8::1]",
       .complaint = "loopback addresses only"},
  };
  for (const Bad& row : table) {
    SCOPED_TRACE(row.name);
    const auto address = parse_endpoint(row.text);
    ASSERT_FALSE(address) << *address;
    EXPECT_THAT(address.error().message, testing::HasSubstr(row.complaint));
    EXPECT_THAT(address.error().message, testing::HasSubstr("wanted"));
  }
}

TEST(Endpoint, IsNotRepeatedWhenItMayHoldASecret) {
  for (const char* text :
       {"https://user:MARKER@api.example.com", "https://api.example.com?key=MARKER",
        "https://api.example.com#MARKER", "http://127.0.0.1@MARKER"}) {
    const auto address = parse_endpoint(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, testing::Not(testing::HasSubstr("MARKER")));
  }
}

}  // namespace
}  // namespace pce
