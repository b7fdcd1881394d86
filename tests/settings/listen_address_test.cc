#include "exporter/settings/listen_address.h"

namespace pce {
namespace {

struct Good {
  const char* text;
  ListenAddress address;
};

TEST(ListenAddress, ReadsHostAndPort) {
  const std::vector<Good> table{
      {.text = ":10365", .address = {.host = "", .port = 10365}},
      {.text = ":0", .address = {.host = "", .port = 0}},
      {.text = "127.0.0.1:65535", .address = {.host = "127.0.0.1", .port = 65535}},
      {.text = "localhost:80", .address = {.host = "localhost", .port = 80}},
      {.text = "monitor-1.example.com:9100",
       .address = {.host = "monitor-1.example.com", .port = 9100}},
      {.text = "[::1]:10365", .address = {.host = "::1", .port = 10365}},
      {.text = "[::]:10365", .address = {.host = "::", .port = 10365}},
      {.text = "[fe80::1%eth0]:10365", .address = {.host = "fe80::1%eth0", .port = 10365}},
      {.text = "unix:/run/x/exporter.sock", .address = {.path = "/run/x/exporter.sock"}},
  };
  for (const Good& row : table) {
    const auto address = parse_listen_address(row.text);
    ASSERT_TRUE(address) << row.text << ": " << address.error().message;
    EXPECT_EQ(*address, row.address) << row.text;
    EXPECT_EQ(listen_address_text(*address), row.text);
  }
}

TEST(ListenAddress, ReadsAPathWithTwoSlashesBeforeItToo) {
  EXPECT_EQ(parse_listen_address("unix:///run/exporter.sock")->path, "/run/exporter.sock");
  const std::string longest = "/" + std::string(106, 'x');
  EXPECT_EQ(parse_listen_address("unix:" + longest)->path, longest);
  const auto longer = parse_listen_address("unix:" + longest + "x");
  ASSERT_FALSE(longer);
  EXPECT_THAT(longer.error().message, testing::HasSubstr("at most 107 bytes"));
}

struct Bad {
  const char* text;
  const char* complaint;
};

TEST(ListenAddress, SaysWhatIsWrong) {
  const std::vector<Bad> table{
      {.text = "", .complaint = "the port is missing"},
      {.text = "10365", .complaint = "the port is missing"},
      {.text = "localhost", .complaint = "the port is missing"},
      {.text = "localhost:", .complaint = "a port is a number"},
      {.text = ":", .complaint = "a port is a number"},
      {.text = ":65536", .complaint = "a port is a number"},
      {.text = ":-1", .complaint = "a port is a number"},
      {.text = ":+1", .complaint = "a port is a number"},
      {.text = ":http", .complaint = "a port is a number"},
      {.text = ": 80", .complaint = "a port is a number"},
      {.text = "::1", .complaint = "in [brackets]"},
      {.text = "::1:10365", .complaint = "in [brackets]"},
      {.text = "[::1]", .complaint = "the port is missing"},
      {.text = "[::1", .complaint = "the ] is missing"},
      {.text = "[]:80", .complaint = "no IPv6 address"},
      {.text = "[localhost]:80", .complaint = "no IPv6 address"},
      {.text = "256.0.0.1:80", .complaint = "that is no host"},
      {.text = "my host:80", .complaint = "that is no host"},
      {.text = "a:b:80", .complaint = "in [brackets]"},
      {.text = "http://localhost:80", .complaint = "without scheme and path"},
      {.text = ":10365/metrics", .complaint = "without scheme and path"},
      {.text = "vsock://:10365", .complaint = "vsock is not supported"},
      {.text = "unix:exporter.sock", .complaint = "begins with /"},
      {.text = "unix:", .complaint = "begins with /"},
      {.text = "unix:/run/", .complaint = "ends with a name"},
      {.text = "/run/exporter.sock", .complaint = "or unix:/PATH"},
  };
  for (const Bad& row : table) {
    SCOPED_TRACE(row.text);
    const auto address = parse_listen_address(row.text);
    ASSERT_FALSE(address);
    EXPECT_THAT(address.error().message, testing::HasSubstr(row.complaint));
  }
}

}  // namespace
}  // namespace pce
