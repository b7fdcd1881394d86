// `doctor` as a whole: its token, its neighbours, its usage.
#include "exporter/identity/token_file.h"
#include "tests/end_to_end/doctor_stage.h"
#include "tests/support/files.h"
#include "tests/support/openssl.h"
#include "tests/support/temporary_folder.h"

namespace pce {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

nlohmann::json simulated(const Stage& stage, const std::string& question) {
  const WebAnswer answer =
      ask(stage.simulator_port(), {.method = "POST",
                                   .path = "/_sim/tokens",
                                   .headers = "Content-Type: application/json\r\n",
                                   .body = question});
  EXPECT_EQ(answer.status, 200) << answer.body;
  return nlohmann::json::parse(answer.body);
}

std::string issued(const Stage& stage, const std::string& what) {
  return simulated(stage, R"({"issue": )" + what + "}").at("refresh_token");
}

std::string state_of(const Stage& stage, const Secret& token) {
  return simulated(stage, R"({"inspect": ")" + std::string(token.reveal()) + "\"}").at("state");
}

TEST(Doctor, FindsNothingWrong) {
  DoctorStage doctor;
  doctor.expect("fine", 0);
}

TEST(Doctor, AsksLittle) {
  DoctorStage doctor;
  doctor.run();
  const Stage& stage = doctor.stage();
  EXPECT_EQ(stage.simulator_counted("token_v2"), 1);
  EXPECT_EQ(stage.simulator_counted("customers"), 1);
  EXPECT_EQ(stage.simulator_counted("total"), 4);
}

TEST(Doctor, StoresTheTokenThatItRenewed) {
  DoctorStage doctor({"--customers=1", std::string("--refresh-token=") + kDoctorToken});
  doctor.choices.account = "    client_secret_file: contoso.secret\n";
  ASSERT_EQ(doctor.run().status, 0);
  const auto stored = TokenFile(doctor.stage().folder() / "contoso.token").read();
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_NE(stored->refresh_token.reveal(), kDoctorToken);
  EXPECT_EQ(state_of(doctor.stage(), stored->refresh_token), "good");
}

TEST(Doctor, SaysThatTheRenewedTokenCannotBeStored) {
  DoctorStage doctor;
  // Pipes know no such limit.
  doctor.through = {"sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"};
  doctor.expect("token_not_stored", 0);
}

TEST(Doctor, FindsThatThereIsNoToken) {
  DoctorStage doctor;
  doctor.prepare = [&] { std::filesystem::remove(doctor.stage().folder() / "contoso.token"); };
  doctor.expect("token_missing", 1);
}

TEST(Doctor, RefusesATokenThatOthersMayRead) {
  DoctorStage doctor;
  doctor.prepare = [&] {
    std::filesystem::permissions(doctor.stage().folder() / "contoso.token",
                                 std::filesystem::perms(0644));
  };
  doctor.expect("token_file_mode", 2);
}

TEST(Doctor, RefusesATokenThatCannotBeRead) {
  DoctorStage doctor;
  doctor.prepare = [&] {
    std::filesystem::remove(doctor.stage().folder() / "contoso.token");
    std::filesystem::create_directory(doctor.stage().folder() / "contoso.token");
  };
  const Finished ended = doctor.run();
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, HasSubstr("contoso.token"));
}

TEST(Doctor, FindsATokenThatExpiredUnused) {
  DoctorStage doctor;
  doctor.choices.refresh_token = issued(doctor.stage(), R"({"age": "91d"})");
  doctor.expect("token_expired", 1);
}

TEST(Doctor, FindsATokenThatWasRevoked) {
  DoctorStage doctor;
  doctor.choices.refresh_token = issued(doctor.stage(), "{}");
  doctor.stage().simulate("/_sim/tokens", R"({"revoke": "refresh"})");
  doctor.expect("token_revoked", 1);
}

TEST(Doctor, FindsATokenThatTheTenantMadeTooOld) {
  DoctorStage doctor;
  doctor.choices.refresh_token = issued(doctor.stage(), R"({"age": "40d"})");
  doctor.stage().simulate("/_sim/settings", R"({"sign_in_frequency": "720h"})");
  doctor.expect("sign_in_frequency", 1);
}

TEST(Doctor, FindsThatDeviceCodesAreBlocked) {
  DoctorStage doctor;
  doctor.choices.refresh_token = issued(doctor.stage(), R"({"flow": "device_code"})");
  doctor.stage().simulate("/_sim/settings", R"({"conditional_access": "block_device_code"})");
  doctor.expect("device_code_blocked", 1);
}

TEST(Doctor, WarnsOfARefreshTokenThatEndsSoon) {
  DoctorStage doctor;
  doctor.stage().simulate("/_sim/settings", R"({"rotate_refresh_tokens": false})");
  const auto token = doctor.stage().folder() / "contoso.token";
  doctor.prepare = [token] {
    // No newer one comes, and this one has ten of its 90 days left.
    const auto record =
        TokenFile(token).write({.refresh_token = Secret(kDoctorToken),
                                .rotated_at = SystemClock().wall() - std::chrono::days(80)});
    ASSERT_TRUE(record) << record.error().message;
  };
  doctor.expect("token_ends_soon", 0);
}

TEST(Doctor, WarnsOfAClockThatIsWrong) {
  DoctorStage doctor;
  doctor.stage().simulate("/_sim/clock", R"({"advance": "30m"})");
  doctor.expect("clock_behind", 0);
}

// The application's certificate, and what the simulator wants of it.
class DoctorOfACertificate : public testing::Test {
 protected:
  void make(int days) {
    make_certificate(folder_.path(), "c", {.days = days});
    const std::string file = (folder_.path() / "c").string();
    doctor_.emplace(
        std::vector<std::string>{"--customers=1", "--client-certificate=" + file + ".pem"});
    for (const char* part : {"c.pem", "c.key"})
      doctor_->stage().write_file(part, folder_.read(part), 0600);
    doctor_->choices.account = "    client_certificate_file: c.pem\n    client_key_file: c.key\n";
  }
  TemporaryFolder folder_;
  std::optional<DoctorStage> doctor_;
};

TEST_F(DoctorOfACertificate, FindsNothingWrong) {
  make(30);
  doctor_->expect("certificate_fine", 0);
}

TEST_F(DoctorOfACertificate, WarnsOfItsEnd) {
  make(5);
  doctor_->expect("certificate_ends_soon", 0);
}

TEST_F(DoctorOfACertificate, FindsThatItExpired) {
  make(-1);
  doctor_->expect("certificate_of_the_application_expired", 1);
}

TEST_F(DoctorOfACertificate, FindsAKeyOfAnotherPair) {
  make(30);
  make_certificate(folder_.path(), "other");
  doctor_->stage().write_file("c.key", folder_.read("other.key"), 0600);
  doctor_->expect("certificate_of_another_key", 1);
}

TEST(Doctor, WorksBesideTheDaemon) {
  DoctorStage doctor({"--customers=1", std::string("--refresh-token=") + kDoctorToken});
  Stage& stage = doctor.stage();
  stage.simulate("/_sim/settings", R"({"token_lifetime": "2s"})");
  doctor.choices.interval = "200ms";
  doctor.choices.stale_after = "1h";
  stage.start_exporter(doctor.choices);
  stage.scrape_until(is_up);
  const auto config = "--config.file=" + (stage.folder() / "exporter.yml").string();
  for (int i = 0; i < 5; ++i) {
    const Finished ended =
        run_program({binary_dir() / "partner_center_exporter", "doctor", config});
    EXPECT_EQ(ended.status, 0) << ended.output;
    const double before = stage.simulator_counted("token_v2");
    EXPECT_TRUE(eventually([&] { return stage.simulator_counted("token_v2") > before; }))
        << "the daemon goes on renewing";
  }
  stage.scrape_until(is_up);
  EXPECT_EQ(stage.times_said("refused"), 0U) << stage.exporter().output();
  const auto stored = TokenFile(stage.folder() / "contoso.token").read();
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(state_of(stage, stored->refresh_token), "good");
}

TEST(Doctor, LooksAtEachAccountByItself) {
  DoctorStage doctor;
  doctor.stage().write_file("fabrikam.token", "MARKER-another\n", 0600);
  const std::string base = "http://127.0.0.1:" + std::to_string(doctor.stage().simulator_port());
  doctor.choices.account =
      "  - name: fabrikam\n    cloud: custom\n"
      "    tenant_id: 22222222-2222-3333-4444-555555555555\n"
      "    client_id: 66666666-7777-8888-9999-000000000000\n"
      "    refresh_token_file: fabrikam.token\n"
      "    endpoints: {api: \"" +
      base + "\", login: \"" + base + "\"}\n";
  doctor.stage().add_fault(
      R"({"match": {"path_contains": "11111111-2222"}, "fault": {"aadsts": 50173}})");
  doctor.expect("two_accounts", 1);
  doctor.expect("one_of_two_accounts", 0, {"--account=fabrikam"});
}

TEST(Doctor, RefusesAnAccountThatIsNotThere) {
  DoctorStage doctor;
  const Finished ended = doctor.run({"--account=fabrikam"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("fabrikam"), HasSubstr("contoso")));
}

TEST(Doctor, RefusesAConfigurationThatIsWrong) {
  DoctorStage doctor;
  doctor.choices.account = "    poxy: http://proxy.example:3128\n";
  const Finished ended = doctor.run();
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("exporter.yml:"), HasSubstr("\"proxy\"")));
}

TEST(Doctor, RepeatsNothing) {
  DoctorStage doctor;
  doctor.stage().add_fault(R"({"match": {"operation": "customers"}, "fault": {"status": 503}})");
  EXPECT_EQ(doctor.run().status, 1);
  EXPECT_EQ(doctor.stage().simulator_counted("customers"), 1);
}

}  // namespace
}  // namespace pce
