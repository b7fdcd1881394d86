// The daemon and the file its refresh token lives in.
#include "exporter/identity/token_file.h"

#include <csignal>
#include <random>

#include <sys/resource.h>

#include "tests/end_to_end/stage.h"
#include "tests/support/files.h"

namespace pce {
namespace {

using testing::HasSubstr;

class EndToEndTokenFile : public testing::Test {
 protected:
  void SetUp() override {
    stage_.start_simulator({"--customers=1", "--refresh-token=first"});
    stage_.simulate("/_sim/settings", R"({"token_lifetime": "2s"})");
    const auto config =
        stage_.write_config({.interval = "300ms", .stale_after = "1h", .refresh_token = "first"});
    arguments_ = {"--config.file=" + config.string(), "--web.listen-address=127.0.0.1:0"};
  }
  TokenRecord record() const {
    const auto record = TokenFile(token_).read();
    EXPECT_TRUE(record) << record.error().message;
    return record ? *record : TokenRecord();
  }
  bool is_good(const Secret& token) const {
    const WebAnswer verdict =
        ask(stage_.simulator_port(),
            {.method = "POST",
             .path = "/_sim/tokens",
             .headers = "Content-Type: application/json\r\n",
             .body = R"({"inspect": ")" + std::string(token.reveal()) + "\"}"});
    return verdict.body.find(R"("state": "good")") != std::string::npos;
  }
  bool up() { return is_up(stage_.scrape_until(is_up)); }
  // Whether the daemon got through `more` renewals from now on.
  bool renews(int more) {
    const double before = stage_.simulator_counted("token_v2");
    return eventually([&] { return stage_.simulator_counted("token_v2") >= before + more; });
  }

  Stage stage_;
  const std::filesystem::path token_ = stage_.folder() / "contoso.token";
  std::vector<std::string> arguments_;
};

TEST_F(EndToEndTokenFile, SaysWhoseTokenItIsOnceThatHasWorked) {
  stage_.start_exporter_with(arguments_);
  ASSERT_TRUE(stage_.exporter_listens());
  ASSERT_TRUE(up());
  const TokenRecord kept = record();
  EXPECT_EQ(kept.tenant_id, "11111111-2222-3333-4444-555555555555");
  EXPECT_EQ(kept.client_id, "66666666-7777-8888-9999-000000000000");
  EXPECT_EQ(kept.authority, "http://127.0.0.1:" + std::to_string(stage_.simulator_port()));
  EXPECT_EQ(kept.client_type, ClientType::kPublic);
  EXPECT_TRUE(is_good(kept.refresh_token));
  EXPECT_TRUE(is_good(kept.previous));
}

TEST_F(EndToEndTokenFile, IsWaitedForWhereItIsMissing) {
  std::filesystem::remove(token_);
  stage_.start_exporter_with(arguments_);
  ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  const Exposition waiting = stage_.scrape_until([](const Exposition& exposition) {
    return exposition.value("partner_center_token_state", {"state=\"needs_login\""}) == 1;
  });
  EXPECT_FALSE(is_up(waiting));
  EXPECT_EQ(stage_.simulator_counted("token_v2"), 0);
  EXPECT_GT(stage_.times_said("partner_center_exporter login"), 0U);
}

struct Refusal {
  std::string name;
  TokenRecord record;
  std::string words;
};

class RefusedTokenFile : public EndToEndTokenFile, public testing::WithParamInterface<Refusal> {};

TEST_P(RefusedTokenFile, EndsTheStart) {
  TokenRecord record = GetParam().record;
  record.refresh_token = Secret("MARKER");
  ASSERT_TRUE(TokenFile(token_).write(record));
  stage_.start_exporter_with(arguments_);
  EXPECT_EQ(stage_.exporter().wait(), 2);
  stage_.exporter().wait_for_last_word();
  const std::string output = stage_.exporter().output();
  EXPECT_THAT(output, HasSubstr("contoso: refresh token file " + token_.string()));
  EXPECT_THAT(output, HasSubstr(GetParam().words));
  EXPECT_THAT(output, testing::Not(HasSubstr("MARKER")));
}

INSTANTIATE_TEST_SUITE_P(
    Of, RefusedTokenFile,
    testing::Values(Refusal{"another_tenant", {.tenant_id = "9"}, "belongs to the tenant"},
                    Refusal{"another_application", {.client_id = "9"}, "to the application"},
                    Refusal{"another_service", {.authority = "https://9"}, "sign-in service"},
                    Refusal{"a_confidential_client",
                            {.client_type = ClientType::kConfidential},
                            "no proof is configured"}),
    [](const auto& row) { return row.param.name; });

#ifndef __SANITIZE_THREAD__  // its runtime writes a file of its own, and ends at such a limit
TEST_F(EndToEndTokenFile, StaysAsItWasOnAFullDiskAndIsWrittenWhenThereIsRoom) {
  stage_.start_exporter_with(arguments_, {"sh", "-c", "ulimit -S -f 0; exec \"$@\"", "sh"});
  ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  ASSERT_TRUE(up());
  ASSERT_TRUE(renews(2));
  EXPECT_TRUE(is_up(stage_.scrape()));
  EXPECT_EQ(read_file(token_), "first\n");
  EXPECT_EQ(stage_.times_said("lives in memory only"), 1U);
  rlimit room{};
  ASSERT_EQ(prlimit(stage_.exporter().pid(), RLIMIT_FSIZE, nullptr, &room), 0);
  room.rlim_cur = room.rlim_max;
  ASSERT_EQ(prlimit(stage_.exporter().pid(), RLIMIT_FSIZE, &room, nullptr), 0);
  EXPECT_FALSE(stage_.exporter().line_with("is stored again").empty());
  EXPECT_NE(record().refresh_token.reveal(), "first");
  EXPECT_TRUE(is_good(record().refresh_token));
  EXPECT_TRUE(up());
}
#endif

TEST_F(EndToEndTokenFile, IsEnoughInAReadOnlyPlace) {
  // Nothing can be opened for writing in it. -D: the daemon is our child, not strace's.
  const std::string folder = stage_.folder();
  stage_.start_exporter_with(
      arguments_, {"strace", "-D", "-f", "-E", "ASAN_OPTIONS=detect_leaks=0", "-o", "/dev/null",
                   "-P", folder, "-P", folder + "/contoso.token.lock", "-e",
                   "trace=openat,faccessat2", "-e", "inject=openat,faccessat2:error=EROFS"});
  ASSERT_TRUE(stage_.exporter_listens()) << stage_.exporter().output();
  ASSERT_TRUE(up());
  ASSERT_TRUE(renews(2));
  EXPECT_TRUE(is_up(stage_.scrape()));
  EXPECT_EQ(read_file(token_), "first\n");
  EXPECT_EQ(stage_.times_said("is in a read-only place"), 1U) << "at start";
  EXPECT_EQ(stage_.times_said("Read-only file system"), 1U) << "when it happens, once";
}

TEST_F(EndToEndTokenFile, IsSharedByTwoDaemonsThatAreKilledInTurn) {
  std::mt19937 random(7);  // only the order matters, which no seed would repeat
  const auto start = [&] {
    std::vector<std::string> argv{binary_dir() / "partner_center_exporter"};
    argv.insert(argv.end(), arguments_.begin(), arguments_.end());
    return std::make_unique<Program>(argv);
  };
  std::unique_ptr<Program> daemons[] = {start(), start()};
  for (int i = 0; i < 12; ++i) {
    auto& daemon = daemons[random() % 2];
    ASSERT_FALSE(daemon->line_with("Listening on").empty()) << daemon->output();
    const double before = stage_.simulator_counted("token_v2");
    ASSERT_TRUE(eventually([&] { return stage_.simulator_counted("token_v2") > before; }));
    daemon->signal(SIGKILL);
    daemon->wait();
    ASSERT_TRUE(is_good(record().refresh_token));
    daemon = start();
  }
  for (const auto& daemon : daemons) {
    const std::string line = daemon->line_with("Listening on");
    const int port = std::atoi(line.c_str() + line.rfind(':') + 1);
    EXPECT_TRUE(eventually([&] {
      return is_up(parse_exposition(ask(port, {.path = "/metrics"}).body));
    })) << daemon->output();
  }
  EXPECT_EQ(stage_.simulator_counted("400"), 0) << "a token was refused";
}

}  // namespace
}  // namespace pce
