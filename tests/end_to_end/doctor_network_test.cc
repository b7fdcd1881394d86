// What `doctor` says of the way to the services. Names end in .test and exist for a proxy only.
#include "tests/end_to_end/doctor_stage.h"
#include "tests/support/connect_proxy.h"
#include "tests/support/environment.h"
#include "tests/support/test_authority.h"
#include "tests/support/tls_front.h"

namespace pce {
namespace {

TestAuthority& authority() {
  static TestAuthority made;
  return made;
}

class DoctorOfTheNetwork : public testing::Test {
 protected:
  // The simulator behind TLS with such a certificate.
  TlsFront front(const TestAuthority::Wish& wish) {
    const auto issued = authority().issue(wish);
    return {issued.certificate, issued.key, doctor_.stage().simulator_port()};
  }
  static std::string trust() { return "    ca_file: " + authority().certificate().string() + "\n"; }
  void call(const TlsFront& front) {
    doctor_.choices.base = "https://127.0.0.1:" + std::to_string(front.port());
  }
  // The configuration leads through this proxy to a name that only it knows.
  void call_through(const std::string& proxy, bool with_credentials) {
    doctor_.choices.base = "https://partner-center.test";
    doctor_.choices.account += "    proxy: " + proxy + "\n";
    if (with_credentials) doctor_.choices.account += "    proxy_credentials_file: proxy.secret\n";
  }
  static int closed_port() {
    const LoopbackListener gone([](int) {});
    return gone.port();
  }

  DoctorStage doctor_;
};

TEST_F(DoctorOfTheNetwork, FindsNothingWrongBehindProxyAndTls) {
  const auto issued = authority().issue();
  const TlsFront tls(issued.certificate, issued.key, doctor_.stage().simulator_port());
  const ConnectProxy proxy(tls.port(), {.authorization = kDoctorProxyBasic});
  doctor_.choices.account = trust();
  call_through(proxy.url(), true);
  doctor_.expect("fine_behind_a_proxy", 0);
}

// An alias that cannot be put into a question: so no resolver is asked.
TEST_F(DoctorOfTheNetwork, FindsANameThatDoesNotResolve) {
  const auto aliases =
      doctor_.stage().write_file("aliases", "nowhere " + std::string(64, 'a') + "\n");
  doctor_.choices.base = "https://nowhere";
  const EnvironmentVariable variable("HOSTALIASES", aliases.string());
  doctor_.expect("name_does_not_resolve", 1);
}

TEST_F(DoctorOfTheNetwork, FindsThatNobodyListens) {
  doctor_.choices.base = "http://127.0.0.1:" + std::to_string(closed_port());
  doctor_.expect("nobody_listens", 1);
}

TEST_F(DoctorOfTheNetwork, FindsThatTheProxyIsDown) {
  call_through("http://127.0.0.1:" + std::to_string(closed_port()), false);
  doctor_.expect("proxy_down", 1);
}

TEST_F(DoctorOfTheNetwork, FindsThatTheProxyWantsCredentials) {
  const ConnectProxy proxy(1, {.authorization = kDoctorProxyBasic});
  call_through(proxy.url(), false);
  doctor_.expect("proxy_wants_credentials", 1);
}

TEST_F(DoctorOfTheNetwork, FindsThatTheProxyRefusesTheCredentials) {
  const ConnectProxy proxy(1, {.authorization = "Basic c29tZWJvZHk6ZWxzZQ=="});
  call_through(proxy.url(), true);
  doctor_.expect("proxy_refuses_credentials", 1);
}

TEST_F(DoctorOfTheNetwork, FindsThatTheProxyRefusesTheAddress) {
  const ConnectProxy proxy(1, {.refuse_with = 403});
  call_through(proxy.url(), false);
  doctor_.expect("proxy_refuses", 1);
}

TEST_F(DoctorOfTheNetwork, FindsThatTheProxyGetsNowhere) {
  const ConnectProxy proxy(closed_port());
  call_through(proxy.url(), false);
  doctor_.expect("proxy_gets_nowhere", 1);
}

TEST_F(DoctorOfTheNetwork, FindsAProxyOfTheEnvironmentThatIsNone) {
  doctor_.choices.base = "https://partner-center.test";
  const EnvironmentVariable variable("HTTPS_PROXY", "http://MARKER:MARKER@");
  doctor_.expect("proxy_of_the_environment_is_none", 1);
}

TEST_F(DoctorOfTheNetwork, FindsAnUnknownAuthority) {
  const TlsFront tls = front({});
  call(tls);
  doctor_.expect("certificate_unknown_authority", 1);
}

TEST_F(DoctorOfTheNetwork, FindsAnExpiredCertificate) {
  const TlsFront tls = front({.to = "20210203040506Z"});
  doctor_.choices.account = trust();
  call(tls);
  doctor_.expect("certificate_expired", 1);
}

TEST_F(DoctorOfTheNetwork, FindsAClockThatIsBehind) {
  const TlsFront tls = front({.from = "20980203040506Z"});
  doctor_.choices.account = trust();
  call(tls);
  doctor_.expect("certificate_not_valid_yet", 1);
}

TEST_F(DoctorOfTheNetwork, FindsACertificateForAnotherName) {
  const TlsFront tls = front({.name = "somebody.test", .more_names = "DNS:else.test"});
  doctor_.choices.account = trust();
  call(tls);
  doctor_.expect("certificate_of_another_name", 1);
}

TEST_F(DoctorOfTheNetwork, FindsAServerOfOldTls) {
  const auto issued = authority().issue();
  const TlsFront tls(issued.certificate, issued.key, doctor_.stage().simulator_port(),
                     "NORMAL:-VERS-ALL:+VERS-TLS1.1");
  doctor_.choices.account = trust();
  call(tls);
  doctor_.expect("old_tls", 1);
}

}  // namespace
}  // namespace pce
