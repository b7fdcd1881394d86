#include "exporter/identity/token_file.h"

#include <fstream>
#include <unistd.h>

#include <sys/stat.h>

#include "exporter/json/json_document.h"
#include "tests/support/environment.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat facts {};
  EXPECT_EQ(stat(path.c_str(), &facts), 0);
  return facts.st_mode & 07777;
}

struct TokenText {
  std::string name, content, token;
};

class TokenFileForm : public testing::TestWithParam<TokenText> {};

TEST_P(TokenFileForm, IsRead) {
  const TemporaryFolder folder;
  const auto token = TokenFile(folder.write("token", GetParam().content)).read();
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->reveal(), GetParam().token);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, TokenFileForm,
    testing::Values(TokenText{"plain", "0.AAA-bbb_c.d", "0.AAA-bbb_c.d"},
                    TokenText{"line_feed", "abc\n", "abc"},
                    TokenText{"carriage_return", "abc\r\n", "abc"},
                    TokenText{"mark",
                              "\xEF\xBB\xBF"
                              "abc\n",
                              "abc"},
                    TokenText{"long", std::string(8192, 'x') + "\n", std::string(8192, 'x')},
                    TokenText{"json", R"({"refresh_token":"abc","client":"public"})", "abc"},
                    TokenText{"json_with_mark", "\xEF\xBB\xBF\n {\"refresh_token\": \"abc\"}\n",
                              "abc"}),
    [](const auto& row) { return row.param.name; });

struct BadTokenText {
  std::string name, content, complaint;
};

class BadTokenFile : public testing::TestWithParam<BadTokenText> {};

TEST_P(BadTokenFile, IsRefusedWithoutShowingIt) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", GetParam().content);
  const auto token = TokenFile(path).read();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(token.error().message, HasSubstr(path.string()));
  EXPECT_THAT(token.error().message, HasSubstr(GetParam().complaint));
  EXPECT_THAT(token.error().message, testing::Not(HasSubstr("canary")));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, BadTokenFile,
    testing::Values(BadTokenText{"empty", "", "is empty"},
                    BadTokenText{"blank", " \r\n", "is empty"},
                    BadTokenText{"two_lines", "canary\ncanary\n", "on one line"},
                    BadTokenText{"nul", std::string("can\0ary", 7), "on one line"},
                    BadTokenText{"too_large", std::string(65 * 1024, 'x'), "64 KiB"},
                    BadTokenText{"json_cut", R"({"refresh_token":"canary)", "JSON"},
                    BadTokenText{"json_other", R"({"access_token":"canary"})", "no member"},
                    BadTokenText{"json_number", R"({"refresh_token":5})", "no member"}),
    [](const auto& row) { return row.param.name; });

TEST(TokenFile, NamesTheNextStepWhenItIsMissing) {
  const TemporaryFolder folder;
  const auto token = TokenFile(folder.path() / "none").read();
  ASSERT_FALSE(token);
  EXPECT_THAT(token.error().message, HasSubstr("partner_center_exporter login"));
}

TEST(TokenFile, RefusesWhatIsNoFileWithoutHanging) {
  const TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::filesystem::path& path :
       {pipe, folder.path(), std::filesystem::path("/dev/zero")}) {
    const auto token = TokenFile(path).read();
    ASSERT_FALSE(token) << path;
    EXPECT_THAT(token.error().message, HasSubstr("not a regular file"));
  }
}

TEST(TokenFile, RefusesAFileThatIsOpenToOthers) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "abc");
  for (const mode_t mode : {0644U, 0606U, 0601U, 0640U, 0620U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    const auto token = TokenFile(path).read();
    ASSERT_FALSE(token);
    EXPECT_THAT(token.error().message, HasSubstr("chmod 600"));
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_TRUE(TokenFile(path).read());
}

TEST(TokenFile, IsReadWhereSystemdPutIt) {
  const TemporaryFolder folder;
  const TokenFile file(folder.write("token", "abc", 0440));
  EXPECT_FALSE(file.read());
  const EnvironmentVariable directory("CREDENTIALS_DIRECTORY", folder.path().string());
  EXPECT_TRUE(file.read());
}

TEST(TokenFile, IsCreatedForItsOwnerOnlyWhateverTheMask) {
  const TemporaryFolder folder;
  const TokenFile file(folder.path() / "token");
  const mode_t before = umask(0);
  const auto written = file.write(Secret("abc"));
  umask(before);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(mode_of(file.path()), 0600U);
  EXPECT_EQ(folder.read("token"), "abc\n");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"token"}) << "nothing may stay beside it";
}

TEST(TokenFile, IsReplacedAsAWholeAndNotRewritten) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "a much longer token than the next one");
  std::ifstream reader(path);  // whoever has it open goes on seeing the old one
  ASSERT_TRUE(TokenFile(path).write(Secret("new")));
  std::string old;
  std::getline(reader, old);
  EXPECT_EQ(old, "a much longer token than the next one");
  EXPECT_EQ(folder.read("token"), "new\n");
}

TEST(TokenFile, KeepsTheOtherMembersOfJson) {
  const TemporaryFolder folder;
  const auto path = folder.write(
      "token",
      R"({"client":"public","refresh_token":"old","n":12,"big":2.5,"yes":true,"no":null,"odd":"a\"\\\u0001é"})");
  const TokenFile file(path);
  ASSERT_TRUE(file.write(Secret("new\"token")));
  const auto document = parse_json(folder.read("token"));
  ASSERT_TRUE(document) << document.error().message;
  ASSERT_EQ(document->root().members().size(), 7U);
  EXPECT_EQ(document->text_of("client"), "public");
  EXPECT_EQ(document->text_of("refresh_token"), "new\"token");
  EXPECT_EQ(document->find("n")->integer(), 12);
  EXPECT_EQ(document->find("big")->real(), 2.5);
  EXPECT_EQ(document->find("yes")->boolean(), true);
  EXPECT_TRUE(document->find("no")->is_null());
  EXPECT_EQ(document->text_of("odd"), "a\"\\\x01é");
}

TEST(TokenFile, KeepsTheOldTokenWhenItCannotWrite) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "old");
  // A folder stands where the temporary file would go; unlike permissions, that stops root too.
  ASSERT_TRUE(std::filesystem::create_directory(folder.path() / ".token.new"));
  const auto written = TokenFile(path).write(Secret("canary"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kInternal);
  EXPECT_THAT(written.error().message, HasSubstr(path.string()));
  EXPECT_THAT(written.error().message, testing::Not(HasSubstr("canary")));
  EXPECT_EQ(folder.read("token"), "old");
}

TEST(TokenFile, RemovesWhatACrashLeftBehind) {
  const TemporaryFolder folder;
  const auto path = folder.write("token", "old");
  folder.write(".token.new", "half a tok");
  ASSERT_TRUE(TokenFile(path).write(Secret("new")));
  EXPECT_EQ(folder.read("token"), "new\n");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"token"});
}

TEST(TokenFile, WritesThroughALink) {
  const TemporaryFolder folder;
  folder.write("real", "old");
  std::filesystem::create_symlink("real", folder.path() / "link");
  ASSERT_TRUE(TokenFile(folder.path() / "link").write(Secret("new")));
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link"));
  EXPECT_EQ(folder.read("real"), "new\n");
}

}  // namespace
}  // namespace pce
