#include "exporter/store/response_log.h"

#include <sys/stat.h>

#include "tests/support/answers.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr WallTime kNow(std::chrono::seconds(1'700'100'000));

class ResponseLogTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "kept"; }
  std::filesystem::path file() const { return path() / "responses.sqlite"; }
  // What the log says when it is opened again.
  ResponseLog::Found found() {
    log_.reset();
    ResponseLog::Found found;
    auto log = ResponseLog::open(path(), kNow, &found);
    EXPECT_TRUE(log) << log.error().message;
    if (log) log_ = *std::move(log);
    return found;
  }
  std::vector<std::string> kept() { return told(found().answers); }
  ResponseLog& log() {
    if (!log_) found();
    return *log_;
  }
  void put(const StoredAnswer& answer) {
    const auto done = log().put(answer);
    EXPECT_TRUE(done) << done.error().message;
  }
  void sql(const char* text) {
    log_.reset();
    Database(file()).run(text);
  }
  std::vector<std::string> set_aside() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path())) {
      const std::string name = entry.path().filename();
      if (name.starts_with("responses.sqlite.") && !name.ends_with("-wal")) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
  }

  TemporaryFolder folder_;
  std::unique_ptr<ResponseLog> log_;
};

TEST_F(ResponseLogTest, GivesBackWhatWasPut) {
  StoredAnswer usage = an_answer("customer_usage", {}, {"page 1", "", std::string(9000, 'x')}, 7);
  usage.source = "commercial";
  usage.second_opinion = true;
  usage.held = {"a", "b"};
  put(usage);
  put(an_answer("partner_usage", {}, {}, 8));
  const auto again = found();
  ASSERT_EQ(again.answers.size(), 2U);
  EXPECT_EQ(checksum_of(again.answers[0]), checksum_of(usage));
  EXPECT_EQ(told(again.answers[0]), told(usage));
  EXPECT_EQ(told(again.answers[1]), "partner_usage/@8:");
  EXPECT_EQ(again.damaged, 0U);
  EXPECT_EQ(again.set_aside, std::nullopt);
}

TEST_F(ResponseLogTest, IsForItsOwnersEyesOnly) {
  put(an_answer("partner_usage"));
  for (const auto& entry : std::filesystem::directory_iterator(path())) {
    struct stat found {};
    ASSERT_EQ(stat(entry.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600U) << entry.path();
  }
  struct stat found {};
  ASSERT_EQ(stat(path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700U);
}

TEST_F(ResponseLogTest, KeepsOneAnswerOfEachKind) {
  put(an_answer("customer_usage", "a", {"old"}, 1));
  put(an_answer("customer_usage", "b", {"of b"}, 2));
  put(an_answer("customer_deployment", "a", {"other"}, 3));
  put(an_answer("customer_usage", "a", {"new"}, 4));
  EXPECT_THAT(kept(), ElementsAre("customer_usage/b@2: of b", "customer_deployment/a@3: other",
                                  "customer_usage/a@4: new"));
}

TEST_F(ResponseLogTest, AnAnswerAboutEverybodyTakesThePlaceOfOlderOnesAboutSingleCustomers) {
  for (const char* customer : {"a", "b", "c"}) put(an_answer("customer_usage", customer, {"1"}, 1));
  put(an_answer("customer_usage", "d", {"9"}, 9));
  put(an_answer("customer_deployment", "a", {"1"}, 1));
  StoredAnswer bulk = an_answer("customer_usage", {}, {"bulk"}, 5);
  bulk.held = {"b"};
  put(bulk);
  EXPECT_THAT(kept(), ElementsAre("customer_usage/b@1: 1", "customer_usage/d@9: 9",
                                  "customer_deployment/a@1: 1", "customer_usage/@5~b: bulk"));
}

// Whoever is held is known from the answer before: that is all that there ever is beside.
TEST_F(ResponseLogTest, KeepsTheLastAnswerThatNobodyWasHeldFrom) {
  const auto bulk = [](int second, std::vector<std::string> held) {
    StoredAnswer answer = an_answer("customer_usage", {}, {std::to_string(second)}, second);
    answer.held = std::move(held);
    return answer;
  };
  put(bulk(1, {}));
  put(bulk(2, {"a"}));
  put(bulk(3, {"a", "b"}));
  EXPECT_THAT(kept(), ElementsAre("customer_usage/@1: 1", "customer_usage/@3~a,b: 3"));
  put(bulk(4, {}));
  EXPECT_THAT(kept(), ElementsAre("customer_usage/@4: 4"));
}

TEST_F(ResponseLogTest, Forgets) {
  for (const char* customer : {"", "a", "b", "c"})
    put(an_answer("customer_usage", customer, {"x"}, 3));
  put(an_answer("partner_usage", {}, {"x"}, 1));
  StoredAnswer other = an_answer("customer_usage", "a", {"x"}, 3);
  other.account = "fabrikam";
  put(other);
  EXPECT_TRUE(log().forget("contoso", "customer_usage", ""));
  EXPECT_TRUE(log().forget_others("contoso", {"b", "d"}));
  EXPECT_TRUE(log().forget_older_than(WallTime(std::chrono::seconds(1'700'000'002))));
  EXPECT_THAT(kept(), ElementsAre("customer_usage/b@3: x", "customer_usage/a@3: x"));
  log_.reset();
  EXPECT_EQ(Database(file()).number("SELECT count(*) FROM bodies"), 2) << "a body was left behind";
}

// Ten thousand rounds of changing data leave a file of what is kept.
TEST_F(ResponseLogTest, DoesNotGrow) {
  std::uintmax_t after_100 = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string body = std::to_string(round);
    for (int i = 0; i < 300; ++i) body += std::to_string(round * 7919 + i * 104729);
    put(an_answer("customer_usage", "c" + std::to_string(round % 10), {body}, round));
    if (round == 100) after_100 = log().bytes();
  }
  EXPECT_LT(log().bytes(), 2 * after_100 + 8'000'000) << after_100;
  log_.reset();
  EXPECT_LT(std::filesystem::file_size(file()), 200'000U);
}

TEST_F(ResponseLogTest, LeavesOutASingleDamagedAnswer) {
  put(an_answer("customer_usage", "a", {"x"}, 1));
  put(an_answer("customer_usage", "b", {"y"}, 2));
  put(an_answer("customer_usage", "c", {"z"}, 3));
  sql("UPDATE answers SET fetched = fetched + 1 WHERE customer = 'b'");
  auto again = found();
  EXPECT_EQ(again.damaged, 1U);
  EXPECT_EQ(again.set_aside, std::nullopt);
  EXPECT_THAT(told(again.answers), ElementsAre("customer_usage/a@1: x", "customer_usage/c@3: z"));
  // Swapped bodies are whole, and yet not what was answered.
  sql("UPDATE bodies SET answer = CASE answer WHEN 1 THEN 3 WHEN 3 THEN 1 ELSE answer END");
  again = found();
  EXPECT_EQ(again.damaged, 3U);
  EXPECT_THAT(again.answers, IsEmpty());
}

TEST_F(ResponseLogTest, SetsAForeignFileAside) {
  std::filesystem::create_directory(path());
  Database(file()).run("CREATE TABLE songs(title)");
  const auto again = found();
  EXPECT_THAT(again.answers, IsEmpty());
  EXPECT_THAT(set_aside(), ElementsAre("responses.sqlite.foreign-20231116T020000.000Z"));
  EXPECT_EQ(again.set_aside, path() / set_aside()[0]);
  EXPECT_THAT(again.why, HasSubstr("not a response log"));
  EXPECT_EQ(Database(*again.set_aside).number("SELECT count(*) FROM songs"), 0) << "it was changed";
  put(an_answer("partner_usage"));
  EXPECT_THAT(kept(), ElementsAre("partner_usage/@0: {}"));
}

TEST_F(ResponseLogTest, SetsANewerFileAside) {
  put(an_answer("partner_usage"));
  sql("PRAGMA user_version=2");
  const auto again = found();
  EXPECT_THAT(again.answers, IsEmpty());
  EXPECT_THAT(set_aside(), ElementsAre(HasSubstr(".newer-")));
  EXPECT_THAT(again.why, HasSubstr("version 2"));
}

TEST_F(ResponseLogTest, SetsAFileThatIsNoneAsideAndKeepsThree) {
  std::filesystem::create_directory(path());
  for (int i = 0; i < 5; ++i) {
    std::ofstream(file()) << "not a database, and longer than the header of one would be: "
                          << std::string(100, 'x');
    log_.reset();
    ResponseLog::Found found;
    auto log = ResponseLog::open(path(), kNow + std::chrono::seconds(i), &found);
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_TRUE(found.set_aside);
  }
  EXPECT_EQ(set_aside().size(), 3U);
}

TEST_F(ResponseLogTest, TakesAnEmptyFileForANewOne) {
  std::filesystem::create_directory(path());
  std::ofstream(file()).flush();
  EXPECT_EQ(found().set_aside, std::nullopt);
  put(an_answer("partner_usage"));
  EXPECT_THAT(kept(), ElementsAre("partner_usage/@0: {}"));
}

TEST_F(ResponseLogTest, IsOneProcessesAtATime) {
  put(an_answer("partner_usage"));
  const auto second = ResponseLog::open(path(), kNow, nullptr);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message,
              HasSubstr("in use by process " + std::to_string(getpid()) + "; give each exporter"));
  EXPECT_THAT(set_aside(), IsEmpty());
  log_.reset();
  EXPECT_TRUE(ResponseLog::open(path(), kNow, nullptr));
}

TEST_F(ResponseLogTest, SaysWhyAFolderIsOfNoUse) {
  folder_.write("a file", "x");
  const auto refused = ResponseLog::open(folder_.path() / "a file", kNow, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("a file: it is no folder"));
  const auto below = ResponseLog::open(folder_.path() / "a file" / "kept", kNow, nullptr);
  ASSERT_FALSE(below);
  EXPECT_THAT(below.error().message, HasSubstr("the folder cannot be made"));
  std::filesystem::create_directory(path());
  std::filesystem::create_symlink("/etc/passwd", file());
  const auto link = ResponseLog::open(path(), kNow, nullptr);
  ASSERT_FALSE(link);
  EXPECT_THAT(link.error().message, HasSubstr("responses.sqlite: the file cannot be opened"));
  std::filesystem::remove(file());
  std::filesystem::create_directory(file());
  EXPECT_FALSE(ResponseLog::open(path(), kNow, nullptr));
}

TEST_F(ResponseLogTest, ADiskThatIsFullKeepsWhatThereWas) {
  put(an_answer("customer_usage", "a", {"old"}, 1));
  std::string large(400'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * i >> 3U);
  {
    const FileSizeLimit limit(20'000);
    const auto refused = log().put(an_answer("customer_usage", "a", {large}, 2));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kInternal) << refused.error().message;
  }
  EXPECT_THAT(kept(), ElementsAre("customer_usage/a@1: old"));
  put(an_answer("customer_usage", "a", {"new"}, 3));
  EXPECT_THAT(kept(), ElementsAre("customer_usage/a@3: new"));
}

}  // namespace
}  // namespace pce
