#include "exporter/web/listen_socket.h"

#include "tests/support/raw_client.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ListenSocket, FindsAFreePortAndSaysWhich) {
  const auto socket = ListenSocket::open("127.0.0.1", 0);
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_EQ(socket->host(), "127.0.0.1");
  EXPECT_NE(socket->port(), 0);
  EXPECT_TRUE(RawClient("127.0.0.1", socket->port()).connected());
}

TEST(ListenSocket, IsClosedWithItsOwner) {
  std::uint16_t port = 0;
  {
    const auto socket = ListenSocket::open("127.0.0.1", 0);
    ASSERT_TRUE(socket);
    port = socket->port();
  }
  EXPECT_FALSE(RawClient("127.0.0.1", port).connected());
}

TEST(ListenSocket, PortInUseNamesAddressCauseAndRemedy) {
  const auto first = ListenSocket::open("127.0.0.1", 0);
  ASSERT_TRUE(first);
  const std::string port = std::to_string(first->port());
  const auto second = ListenSocket::open("127.0.0.1", first->port());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kInternal);
  EXPECT_THAT(second.error().message,
              AllOf(HasSubstr("127.0.0.1:" + port), HasSubstr("in use"), HasSubstr("ss -lntp"),
                    HasSubstr("--web.listen-address")));
  const auto everywhere = ListenSocket::open("", first->port());
  ASSERT_FALSE(everywhere);
  EXPECT_THAT(everywhere.error().message,
              HasSubstr("on :" + port + ": port " + port + " is in use"));
}

TEST(ListenSocket, AbsentAddressSaysSo) {
  const auto socket = ListenSocket::open("203.0.113.77", 0);  // reserved for documentation
  ASSERT_FALSE(socket);
  EXPECT_THAT(socket.error().message,
              AllOf(HasSubstr("203.0.113.77:0"), HasSubstr("no such address")));
}

TEST(ListenSocket, HostThatIsNothingIsAMistakeInTheSettings) {
  const std::string host(64,
                         'x');  // longer than a label of a name may be, so nobody is asked about it
  const auto socket = ListenSocket::open(host, 10365);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(socket.error().message,
              AllOf(HasSubstr(host), HasSubstr("neither an address nor a name")));
}

TEST(ListenSocket, EveryAddressIsBothFamiliesWhereThereAreBoth) {
  const auto socket = ListenSocket::open("", 0);
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_TRUE(RawClient("127.0.0.1", socket->port()).connected());
  const bool ipv6 = ListenSocket::open("::1", 0).has_value();
  EXPECT_EQ(RawClient("::1", socket->port()).connected(), ipv6);
  EXPECT_EQ(socket->host(), ipv6 ? "::" : "0.0.0.0");
}

TEST(ListenSocket, AnAddressGivenIsTakenLiterally) {
  const auto socket = ListenSocket::open("0.0.0.0", 0);
  ASSERT_TRUE(socket);
  EXPECT_TRUE(RawClient("127.0.0.1", socket->port()).connected());
  EXPECT_FALSE(RawClient("::1", socket->port()).connected());
}

TEST(ListenSocket, MovedFromOwnsNothing) {
  auto socket = ListenSocket::open("127.0.0.1", 0);
  ASSERT_TRUE(socket);
  const std::uint16_t port = socket->port();
  {
    const ListenSocket other(*std::move(socket));
    EXPECT_TRUE(RawClient("127.0.0.1", port).connected());
  }
  EXPECT_FALSE(RawClient("127.0.0.1", port).connected());
}

TEST(AddressText, PutsBracketsAroundIPv6) {
  EXPECT_EQ(address_text("127.0.0.1", 80), "127.0.0.1:80");
  EXPECT_EQ(address_text("::1", 80), "[::1]:80");
  EXPECT_EQ(address_text("", 80), ":80");
}

}  // namespace
}  // namespace pce
