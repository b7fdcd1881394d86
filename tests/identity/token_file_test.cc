#include "exporter/identity/token_file.h"

#include <fstream>
#include <unistd.h>

#include <sys/stat.h>

#include "tests/support/environment.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat facts {};
  EXPECT_EQ(stat(path.c_str(), &facts), 0);
  return facts.st_mode & 07777;
}

TokenRecord record_of(const std::string& token) { return {.refresh_token = Secret(token)}; }

std::string token_in(const std::filesystem::path& path) {
  const auto record = TokenFile(path).read();
  return record ? std::string(record->refresh_token.reveal()) : record.error().message;
}

TEST(TokenFile, IsReadBack) {
  const TemporaryFolder folder;
  const TokenFile file(folder.path() / "token");
  const TokenRecord record{.refresh_token = Secret("new"),
                           .previous = Secret("old"),
                           .client_type = ClientType::kPublic};
  ASSERT_TRUE(file.write(record));
  const auto read = file.read();
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(*read == record);
}

TEST(TokenFile, IsReadInTheFormsOfOthers) {
  const TemporaryFolder folder;
  EXPECT_EQ(token_in(folder.write("token", "abc\r\n")), "abc");
  EXPECT_EQ(token_in(folder.write("token", "\xEF\xBB\xBF{\"refresh_token\":\"abc\"}\n")), "abc");
}

TEST(TokenFile, WantsASignInWhereItIsMissing) {
  const TemporaryFolder folder;
  const auto token = TokenFile(folder.path() / "none").read();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kUnauthorized);
  EXPECT_THAT(token.error().message, HasSubstr((folder.path() / "none").string()));
  EXPECT_THAT(token.error().message, HasSubstr("partner_center_exporter login"));
}

TEST(TokenFile, RefusesWhatHoldsNoRecordWithoutShowingIt) {
  const TemporaryFolder folder;
  for (const std::string& content :
       {std::string(), std::string("canary\ncanary"), std::string("can\0ary", 7),
        std::string(65 * 1024, 'x'), std::string("{\"canary\":1}")}) {
    const auto path = folder.write("token", content);
    const auto record = TokenFile(path).read();
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().kind, ErrorKind::kSettings);
    EXPECT_THAT(record.error().message, HasSubstr(path.string()));
    EXPECT_THAT(record.error().message, Not(HasSubstr("canary")));
  }
}

TEST(TokenFile, RefusesWhatIsNoFileWithoutHanging) {
  const TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::filesystem::path& path :
       {pipe, folder.path(), std::filesystem::path("/dev/zero")}) {
    const auto record = TokenFile(path).read();
    ASSERT_FALSE(record) << path;
    EXPECT_EQ(record.error().kind, ErrorKind::kSettings);
    EXPECT_THAT(record.error().message, HasSubstr("wanted a regular file"));
  }
  std::filesystem::create_symlink("nowhere", folder.path() / "link");
  const auto dangling = TokenFile(folder.path() / "link").read();
  ASSERT_FALSE(dangling);
  EXPECT_THAT(dangling.error().message, HasSubstr("symbolic link"));
}

TEST(TokenFile, RefusesAFileThatIsOpenToOthers) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "abc");
  for (const mode_t mode : {0644U, 0606U, 0601U, 0640U, 0620U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_THAT(token_in(path), HasSubstr("chmod 600"));
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(token_in(path), "abc");
}

TEST(TokenFile, IsReadWhereSystemdPutIt) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "abc", 0440);
  EXPECT_THAT(token_in(path), HasSubstr("chmod 600"));
  const EnvironmentVariable directory("CREDENTIALS_DIRECTORY", folder.path().string());
  EXPECT_EQ(token_in(path), "abc");
}

TEST(TokenFile, RefusesAFolderInWhichOthersCouldReplaceIt) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "abc");
  for (const mode_t mode : {0720U, 0770U, 0702U, 0777U}) {
    ASSERT_EQ(chmod(folder.path().c_str(), mode), 0);
    EXPECT_THAT(token_in(path), HasSubstr("chmod 700"));
    const auto written = TokenFile(path).write(record_of("new"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().kind, ErrorKind::kSettings);
    EXPECT_EQ(folder.read("token"), "abc");
  }
  for (const mode_t mode : {0700U, 0755U, 01777U}) {
    ASSERT_EQ(chmod(folder.path().c_str(), mode), 0);
    EXPECT_EQ(token_in(path), "abc") << std::oct << mode;
  }
}

TEST(TokenFile, LooksAtTheFolderALinkLeadsTo) {
  const TemporaryFolder links;
  const TemporaryFolder folder;
  folder.write("token", "abc");
  std::filesystem::create_symlink(folder.path() / "token", links.path() / "link");
  EXPECT_EQ(token_in(links.path() / "link"), "abc");
  ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
  EXPECT_THAT(token_in(links.path() / "link"), HasSubstr("chmod 700"));
}

class TokenFileMask : public testing::TestWithParam<int> {};

TEST_P(TokenFileMask, LeavesTheNewFileToItsOwnerOnly) {
  const TemporaryFolder folder;
  const TokenFile file(folder.path() / "token");
  SystemClock clock;
  const mode_t before = umask(static_cast<mode_t>(GetParam()));
  const auto lock = file.lock(clock, std::chrono::milliseconds(0), {});
  const auto written = file.write(record_of("abc"));
  umask(before);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(mode_of(file.path()), 0600U);
  EXPECT_EQ(mode_of(folder.path() / "token.lock") & 0177U, 0U);
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"token", "token.lock"}));
}

INSTANTIATE_TEST_SUITE_P(Umask, TokenFileMask, testing::Values(0, 022, 0200, 0777));

TEST(TokenFile, IsReplacedAsAWholeAndNotRewritten) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "a much longer token than the next one");
  std::ifstream reader(path);  // whoever has it open goes on seeing the old one
  ASSERT_TRUE(TokenFile(path).write(record_of("new")));
  std::string old;
  std::getline(reader, old);
  EXPECT_EQ(old, "a much longer token than the next one");
  EXPECT_EQ(token_in(path), "new");
}

TEST(TokenFile, OfANewerReleaseIsNotOverwritten) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", R"({"version":2,"refresh_token":"theirs"})");
  EXPECT_THAT(token_in(path), HasSubstr("newer release"));
  const auto written = TokenFile(path).write(record_of("ours"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(written.error().message, HasSubstr("newer release"));
  EXPECT_THAT(folder.read("token"), HasSubstr("theirs"));
}

TEST(TokenFile, KeepsTheOldRecordWhenThereIsNoRoom) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "old");
  const Status written = [&] {
    const FileSizeLimit full(100);
    return TokenFile(path).write(record_of(std::string(1000, 'x')));
  }();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kInternal);
  EXPECT_THAT(written.error().message, HasSubstr(path.string()));
  EXPECT_THAT(written.error().message, HasSubstr("cannot be written"));
  EXPECT_THAT(written.error().message, Not(HasSubstr("xxx")));
  EXPECT_EQ(folder.read("token"), "old");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"token"}) << "nothing half-written stays";
}

TEST(TokenFile, WritesNothingThatItCouldNotReadBack) {
  const TemporaryFolder folder;
  const TokenFile file(folder.write("token", "old"));
  TokenRecord record{.refresh_token = Secret(std::string(32'000, 'a')),
                     .previous = Secret(std::string(33'000, 'b'))};
  ASSERT_TRUE(file.write(record));
  EXPECT_TRUE(file.read());
  record.previous = Secret(std::string(34'000, 'b'));
  const auto written = file.write(record);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("64 KiB"));
  EXPECT_TRUE(file.read());
}

TEST(TokenFile, CannotBeWrittenWhereThereIsNoFolder) {
  const TemporaryFolder folder;
  folder.write("file", "");
  for (const auto& path : {folder.path() / "none" / "token", folder.path() / "file" / "token"}) {
    const auto written = TokenFile(path).write(record_of("new"));
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("its folder"));
  }
}

TEST(TokenFile, RemovesWhatACrashLeftBehindOnceItIsLocked) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "old");
  folder.write(".token.0d1e.new", "half a tok");
  folder.write(".token.other", "not ours");
  folder.write(".token2.0d1e.new", "another's");
  SystemClock clock;
  ASSERT_TRUE(TokenFile(path).lock(clock, std::chrono::milliseconds(0), {}));
  EXPECT_EQ(folder.names(),
            (std::vector<std::string>{".token.other", ".token2.0d1e.new", "token", "token.lock"}));
}

TEST(TokenFile, IsLockedAndWrittenThroughALink) {
  const TemporaryFolder folder;
  folder.write("real", "old");
  const auto link = folder.path() / "link";
  std::filesystem::create_symlink("real", link);
  SystemClock clock;
  const auto lock = TokenFile(link).lock(clock, std::chrono::milliseconds(0), {});
  ASSERT_TRUE(lock);
  const auto other =
      TokenFile(folder.path() / "real").lock(clock, std::chrono::milliseconds(0), {});
  ASSERT_TRUE(other);
  EXPECT_TRUE(lock->held());
  EXPECT_FALSE(other->held());
  ASSERT_TRUE(TokenFile(link).write(record_of("new")));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(token_in(folder.path() / "real"), "new");
}

}  // namespace
}  // namespace pce
