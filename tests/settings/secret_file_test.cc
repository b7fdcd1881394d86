#include "exporter/settings/secret_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/support/environment.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

class SecretFile : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

struct Good {
  std::string name;
  std::string content;
  std::string secret;
};

TEST_F(SecretFile, IsReadWithoutItsWrapping) {
  const std::string bom = "\xEF\xBB\xBF";
  const std::vector<Good> table{
      {.name = "plain", .content = "s3cret", .secret = "s3cret"},
      {.name = "line feed", .content = "s3cret\n", .secret = "s3cret"},
      {.name = "CRLF", .content = "s3cret\r\n", .secret = "s3cret"},
      {.name = "one line ending only", .content = "s3cret\n\n", .secret = "s3cret\n"},
      {.name = "byte order mark", .content = bom + "s3cret", .secret = "s3cret"},
      {.name = "byte order mark and CRLF", .content = bom + "s3cret\r\n", .secret = "s3cret"},
      {.name = "spaces belong to it", .content = " s3 cret ", .secret = " s3 cret "},
      {.name = "a carriage return alone belongs to it",
       .content = "s3cret\r",
       .secret = "s3cret\r"},
      {.name = "64 KiB", .content = std::string(65'536, 'x'), .secret = std::string(65'536, 'x')},
  };
  for (const Good& row : table) {
    SCOPED_TRACE(row.name);
    const auto secret = read_secret_file(folder_.write("good", row.content));
    ASSERT_TRUE(secret) << secret.error().message;
    EXPECT_TRUE(secret->reveal() == row.secret);
  }
}

struct Bad {
  std::string name;
  std::string content;
  std::string complaint;
};

TEST_F(SecretFile, IsRefusedForItsContentWithoutShowingIt) {
  const std::vector<Bad> table{
      {.name = "empty", .content = "", .complaint = "is empty"},
      {.name = "a line ending only", .content = "\r\n", .complaint = "is empty"},
      {.name = "a byte order mark only", .content = "\xEF\xBB\xBF\n", .complaint = "is empty"},
      {.name = "zero byte", .content = std::string("MARKER\0MARKER", 13), .complaint = "zero byte"},
      {.name = "UTF-16",
       .content = std::string("\xFF\xFEM\0A\0R\0K\0E\0R\0", 14),
       .complaint = "UTF-16"},
      {.name = "one byte too many",
       .content = std::string(65'531, 'x') + "MARKER",
       .complaint = "larger than the 64 KiB"},
      {.name = "a megabyte",
       .content = "MARKER" + std::string(1'000'000, 'x'),
       .complaint = "larger than the 64 KiB"},
  };
  for (const Bad& row : table) {
    SCOPED_TRACE(row.name);
    const auto path = folder_.write("bad", row.content);
    const auto secret = read_secret_file(path);
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().kind, ErrorKind::kSettings);
    EXPECT_THAT(secret.error().message, testing::StartsWith(path.string() + ": "));
    EXPECT_THAT(secret.error().message, HasSubstr(row.complaint));
    EXPECT_THAT(secret.error().message, Not(HasSubstr("MARKER")));
  }
}

TEST_F(SecretFile, IsRefusedInEveryModeThatLetsOthersAtIt) {
  const auto path = folder_.write("modes", "MARKER");
  for (mode_t mode = 0; mode <= 0777; ++mode) {
    const auto complaint = complaint_about_access(path, mode, 1000, 1000);
    EXPECT_EQ(complaint.has_value(), (mode & 077U) != 0) << std::oct << mode;
  }
  for (const mode_t mode : {0644U, 0640U, 0604U, 0660U, 0666U, 0620U, 0602U, 0710U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    const auto secret = read_secret_file(path);
    ASSERT_FALSE(secret) << std::oct << mode;
    EXPECT_THAT(secret.error().message, HasSubstr("chmod 600 " + path.string()));
    EXPECT_THAT(secret.error().message, Not(HasSubstr("MARKER")));
  }
  for (const mode_t mode : {0600U, 0400U, 0700U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_TRUE(read_secret_file(path)) << std::oct << mode;
  }
}

TEST(SecretFileAccess, SaysTheModeAndTheCommandToType) {
  EXPECT_EQ(complaint_about_access("/etc/a b's.secret", 0644, 7, 7),
            "has mode 0644, which lets other users at it, wanted 0600: chmod 600 '/etc/a "
            "b'\\''s.secret'");
}

TEST(SecretFileAccess, IsTheGroupsToReadInSystemdsDirectoryOnly) {
  const EnvironmentVariable directory("CREDENTIALS_DIRECTORY", "/run/credentials/x.service");
  const auto complaint = [](const char* path, mode_t mode, uid_t owner) {
    return complaint_about_access(path, mode, owner, 1000).has_value();
  };
  EXPECT_FALSE(complaint("/run/credentials/x.service/s", 0440, 0));
  EXPECT_FALSE(complaint("/run/credentials/x.service/./s", 0440, 0));
  EXPECT_TRUE(complaint("/run/credentials/x.service/s", 0460, 0));
  EXPECT_TRUE(complaint("/run/credentials/x.service/s", 0444, 0));
  EXPECT_TRUE(complaint("/run/credentials/x.service/s", 0440, 1001));
  EXPECT_TRUE(complaint("/run/credentials/x.service/below/s", 0440, 0));
  EXPECT_TRUE(complaint("/run/credentials/x.service/../s", 0440, 0));
  EXPECT_TRUE(complaint("/run/credentials/s", 0440, 0));
  EXPECT_TRUE(complaint("s", 0440, 0));
}

TEST_F(SecretFile, ThatIsNoTextIsReadAsItIs) {
  const std::string bytes("\xEF\xBB\xBF\0MARKER\r\n", 12);
  const auto secret = read_secret_bytes(folder_.write("bytes", bytes));
  ASSERT_TRUE(secret) << secret.error().message;
  EXPECT_TRUE(secret->reveal() == bytes);
  EXPECT_FALSE(read_secret_bytes(folder_.write("empty", "")));
  EXPECT_FALSE(read_secret_bytes(folder_.write("open", bytes, 0640)));
  EXPECT_FALSE(read_secret_bytes(folder_.write("large", std::string(65'537, 'x'))));
}

TEST_F(SecretFile, IsJudgedByItsAccessAlone) {
  EXPECT_EQ(complaint_about_access(folder_.write("fine", "")), std::nullopt);
  EXPECT_THAT(complaint_about_access(folder_.write("open", "x", 0644)).value_or(""),
              HasSubstr("has mode 0644"));
  EXPECT_EQ(complaint_about_access(folder_.path() / "missing"), std::nullopt);
  EXPECT_EQ(complaint_about_access(folder_.path()), std::nullopt);
}

TEST(SecretFileAccess, BelongsToUsOrToRoot) {
  EXPECT_EQ(complaint_about_access("s", 0600, 1000, 1000), std::nullopt);
  EXPECT_EQ(complaint_about_access("s", 0400, 0, 1000), std::nullopt);
  EXPECT_EQ(complaint_about_access("s", 0600, 1001, 1000),
            "belongs to user 1001, wanted user 1000, who runs this program, or root: chown 1000 s");
  EXPECT_NE(complaint_about_access("s", 0600, 1001, 0), std::nullopt);
}

TEST_F(SecretFile, IsReadThroughALink) {
  const auto target = folder_.write("..data", "s3cret");
  const auto link = folder_.path() / "link";
  std::filesystem::create_symlink(target, link);
  const auto secret = read_secret_file(link);
  ASSERT_TRUE(secret) << secret.error().message;
  EXPECT_EQ(secret->reveal(), "s3cret");
}

TEST_F(SecretFile, IsRefusedAtOnceWhenItIsNoFile) {
  const auto fifo = folder_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const auto dangling = folder_.path() / "dangling";
  std::filesystem::create_symlink("nowhere", dangling);
  const auto loop = folder_.path() / "loop";
  std::filesystem::create_symlink("loop", loop);
  const auto to_fifo = folder_.path() / "to_fifo";
  std::filesystem::create_symlink(fifo, to_fifo);

  const auto message = [](const std::filesystem::path& path) {
    const auto secret = read_secret_file(path);
    return secret ? std::string("read") : secret.error().message;
  };
  EXPECT_THAT(message(fifo), HasSubstr("found a FIFO, wanted a regular file"));
  EXPECT_THAT(message(to_fifo), HasSubstr("found a FIFO"));
  EXPECT_THAT(message(folder_.path()), HasSubstr("found a directory"));
  EXPECT_THAT(message("/dev/zero"), HasSubstr("found a device"));
  EXPECT_THAT(message(dangling), HasSubstr("symbolic link to something that does not exist"));
  EXPECT_THAT(message(loop), HasSubstr("Too many levels of symbolic links"));
  EXPECT_THAT(message(folder_.path() / "missing"), HasSubstr("No such file or directory"));
  EXPECT_THAT(message(folder_.write("plain", "x") / "below"), HasSubstr("Not a directory"));
  EXPECT_THAT(message(folder_.path() / std::string(300, 'n')), HasSubstr("File name too long"));
  EXPECT_THAT(message(""), HasSubstr("No such file or directory"));
}

TEST_F(SecretFile, IsRefusedWhenItIsASocket) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_GE(descriptor, 0);
  const auto path = folder_.path() / "socket";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.string().size(), sizeof address.sun_path);
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const auto secret = read_secret_file(path);
  ::close(descriptor);
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().message, HasSubstr("found a socket"));
}

}  // namespace
}  // namespace pce
