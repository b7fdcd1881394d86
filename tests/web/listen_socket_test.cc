#include "exporter/web/listen_socket.h"

#include <fcntl.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "exporter/base/descriptor.h"
#include "tests/support/raw_client.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ListenSocket, FindsAFreePortAndSaysWhich) {
  const auto socket = ListenSocket::open({.host = "127.0.0.1"});
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_EQ(socket->address().host, "127.0.0.1");
  EXPECT_NE(socket->address().port, 0);
  EXPECT_TRUE(RawClient("127.0.0.1", socket->address().port).connected());
}

TEST(ListenSocket, IsClosedWithItsOwner) {
  std::uint16_t port = 0;
  {
    const auto socket = ListenSocket::open({.host = "127.0.0.1"});
    ASSERT_TRUE(socket);
    port = socket->address().port;
  }
  EXPECT_FALSE(RawClient("127.0.0.1", port).connected());
}

TEST(ListenSocket, PortInUseNamesAddressCauseAndRemedy) {
  const auto first = ListenSocket::open({.host = "127.0.0.1"});
  ASSERT_TRUE(first);
  const std::string port = std::to_string(first->address().port);
  const auto second = ListenSocket::open(first->address());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kInternal);
  EXPECT_THAT(second.error().message,
              AllOf(HasSubstr("127.0.0.1:" + port + ": this exporter listens there already"),
                    HasSubstr("--web.listen-address")));
  const auto everywhere = ListenSocket::open({.port = first->address().port});
  ASSERT_FALSE(everywhere);
  EXPECT_THAT(everywhere.error().message, HasSubstr("on :" + port + ": this exporter"));
}

// One that is bound and does not listen is in no table.
TEST(ListenSocket, PortInUseByNobodyKnowsWhomSaysHowToFindOut) {
  auto listening = ListenSocket::open({.host = "127.0.0.1"});
  ASSERT_TRUE(listening);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const Descriptor bound(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(bind(bound.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  socklen_t size = sizeof address;
  getsockname(bound.number(), reinterpret_cast<sockaddr*>(&address), &size);
  const std::uint16_t port = ntohs(address.sin_port);
  const auto refused = ListenSocket::open({.host = "127.0.0.1", .port = port});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("port " + std::to_string(port) + " is in use already; stop what"),
                    HasSubstr("ss -lntp"), HasSubstr("--web.listen-address")));
}

TEST(ListenSocket, AbsentAddressSaysSo) {
  const auto socket = ListenSocket::open({.host = "203.0.113.77"});  // reserved for documentation
  ASSERT_FALSE(socket);
  EXPECT_THAT(socket.error().message,
              AllOf(HasSubstr("203.0.113.77:0"), HasSubstr("no such address")));
}

TEST(ListenSocket, HostThatIsNothingIsAMistakeInTheSettings) {
  const std::string host(64,
                         'x');  // longer than a label of a name may be, so nobody is asked about it
  const auto socket = ListenSocket::open({.host = host, .port = 10365});
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(socket.error().message,
              AllOf(HasSubstr(host), HasSubstr("neither an address nor a name")));
}

TEST(ListenSocket, EveryAddressIsBothFamiliesWhereThereAreBoth) {
  const auto socket = ListenSocket::open({});
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_TRUE(RawClient("127.0.0.1", socket->address().port).connected());
  const bool ipv6 = ListenSocket::open({.host = "::1"}).has_value();
  EXPECT_EQ(RawClient("::1", socket->address().port).connected(), ipv6);
  EXPECT_EQ(socket->address().host, ipv6 ? "::" : "0.0.0.0");
}

TEST(ListenSocket, AnAddressGivenIsTakenLiterally) {
  const auto socket = ListenSocket::open({.host = "0.0.0.0"});
  ASSERT_TRUE(socket);
  EXPECT_TRUE(RawClient("127.0.0.1", socket->address().port).connected());
  EXPECT_FALSE(RawClient("::1", socket->address().port).connected());
}

TEST(ListenSocket, MovedFromOwnsNothing) {
  auto socket = ListenSocket::open({.host = "127.0.0.1"});
  ASSERT_TRUE(socket);
  const std::uint16_t port = socket->address().port;
  {
    const ListenSocket other(*std::move(socket));
    EXPECT_TRUE(RawClient("127.0.0.1", port).connected());
  }
  EXPECT_FALSE(RawClient("127.0.0.1", port).connected());
}

bool connects_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(client.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

class SocketFile : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "exporter.sock";
};

TEST_F(SocketFile, IsForOwnerAndGroupAndGoesWithItsOwner) {
  {
    const auto socket = ListenSocket::open({.path = path_});
    ASSERT_TRUE(socket) << socket.error().message;
    EXPECT_EQ(socket->address(), (ListenAddress{.path = path_}));
    struct stat file {};
    ASSERT_EQ(stat(path_.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0660U);
    EXPECT_TRUE(connects_to(path_));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SocketFile, LeftOverByAProcessThatIsGoneIsReplaced) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, sizeof address.sun_path - 1);
  {
    const Descriptor gone(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(bind(gone.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(path_));
  const auto socket = ListenSocket::open({.path = path_});
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_TRUE(connects_to(path_));
}

TEST_F(SocketFile, InUseOrNoSocketIsLeftAloneAndSaid) {
  const auto first = ListenSocket::open({.path = path_});
  const auto second = ListenSocket::open({.path = path_});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message,
              AllOf(HasSubstr("unix:" + path_), HasSubstr("another process listens there")));
  EXPECT_TRUE(connects_to(path_));

  const std::string plain = folder_.write("plain", "keep me", 0600);
  const auto third = ListenSocket::open({.path = plain});
  ASSERT_FALSE(third);
  EXPECT_THAT(third.error().message, HasSubstr("no socket"));
  EXPECT_EQ(folder_.read("plain"), "keep me");

  const auto nowhere = ListenSocket::open({.path = "/nonexistent/x.sock"});
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, HasSubstr("RuntimeDirectory="));
}

TEST(ListenSocket, AdoptsWhatListensAndNothingElse) {
  auto made = ListenSocket::open({.host = "127.0.0.1"});
  ASSERT_TRUE(made);
  const ListenAddress address = made->address();
  {
    const auto adopted = ListenSocket::adopt(made->release());
    ASSERT_TRUE(adopted) << adopted.error().message;
    EXPECT_EQ(adopted->address(), address);
    EXPECT_TRUE(RawClient("127.0.0.1", address.port).connected());
  }
  EXPECT_FALSE(RawClient("127.0.0.1", address.port).connected());
  for (const int other :
       {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
        socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), open("/dev/null", O_RDONLY | O_CLOEXEC)}) {
    const auto refused = ListenSocket::adopt(other);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("ListenStream="));
    EXPECT_EQ(fcntl(other, F_GETFD), -1) << "it is closed";
  }
}

}  // namespace
}  // namespace pce
