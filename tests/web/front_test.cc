// A web configuration in front of the real server: TLS, passwords, headers, a rate.
#include <latch>
#include <thread>

#include "exporter/web/http_server.h"
#include "exporter/web/tls_renewal.h"
#include "tests/support/program.h"
#include "tests/support/raw_client.h"
#include "tests/support/web_client.h"
#include "tests/web/logins.h"
#include "tests/web/web_files.h"

namespace pce {
namespace {

using testing::HasSubstr;

class FrontTest : public testing::Test {
 protected:
  void serve(const WebConfig& config, LoginLimits limits = {},
             const HttpServerLimits& server_limits = {}) {
    HttpServerFront front{.doorkeeper = std::make_shared<Doorkeeper>(config, clock_, limits),
                          .renew = [this] { ++looks_; }};
    if (config.tls) front.tls = [credentials = config.credentials] { return credentials; };
    auto started = HttpServer::start(
        {{"127.0.0.1", 0}},
        [this](const WebRequest& request) {
          ++handled_;
          return WebResponse{.content_type = "text/plain",
                             .headers = {{"X-Frame-Options", "sameorigin"}},
                             .body = request.path == "/long" ? long_ : "come in\n"};
        },
        server_limits, {}, std::move(front));
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
    port_ = server_->bound_addresses().front().port;
  }
  WebAnswer get(const std::string& login = {}, const std::string& method = "GET",
                const std::string& body = {}) const {
    return ask(port_, {.method = method,
                       .headers = login.empty() ? "" : "Authorization: " + login + "\r\n",
                       .body = body});
  }
  Finished curl(std::vector<std::string> arguments, const std::string& path = "/") const {
    arguments.insert(arguments.begin(),
                     {"curl", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*"});
    arguments.push_back("https://localhost:" + std::to_string(port_) + path);
    return run_program(arguments);
  }

  SystemClock clock_;
  std::atomic<int> handled_ = 0;
  std::atomic<int> looks_ = 0;  // at the configuration
  const std::string long_ = std::string(3'000'000, 'x') + "end";
  std::unique_ptr<HttpServer> server_;
  int port_ = 0;
};

TEST_F(FrontTest, TheConfigurationIsLookedAtOnceBeforeEachRequest) {
  serve({.users = alice_and_bob()});
  RawClient client("127.0.0.1", static_cast<std::uint16_t>(port_));
  ASSERT_TRUE(client.get("/"));
  EXPECT_EQ(looks_, 1);
  ASSERT_TRUE(client.get("/")) << "on the same connection";
  EXPECT_EQ(looks_, 2);
  EXPECT_EQ(get(basic("alice", "wonderland")).status, 200) << "after a wait for its password";
  EXPECT_EQ(looks_, 3);
}

TEST_F(FrontTest, APasswordIsAskedForBeforeAnythingAnswers) {
  serve({.users = alice_and_bob()});
  const WebAnswer none = get();
  EXPECT_EQ(none.status, 401);
  EXPECT_THAT(none.headers.at("www-authenticate"), HasSubstr("Basic"));
  EXPECT_EQ(get(basic("alice", "wrong")).status, 401);
  EXPECT_EQ(get(basic("nobody", "wonderland")).status, 401);
  EXPECT_EQ(handled_, 0);
  EXPECT_EQ(get(basic("alice", "wonderland")).body, "come in\n");
  EXPECT_EQ(get(basic("bob", "builder")).status, 200);
  EXPECT_EQ(get("", "HEAD").status, 401);
  EXPECT_EQ(get(basic("bob", "builder"), "HEAD").status, 200);
}

TEST_F(FrontTest, ThreeHundredLoginsAtOnceAreJudgedEach) {
  serve({.users = alice_and_bob()});
  constexpr int kEach = 25;  // connections are limited; three rounds
  for (int round = 0; round < 3; ++round) {
    std::latch start(2 * kEach);
    std::atomic<int> right = 0;
    {
      std::vector<std::jthread> clients;
      for (int i = 0; i < 2 * kEach; ++i) {
        clients.emplace_back([&, good = i % 2 == 0] {
          start.arrive_and_wait();
          if (get(basic("alice", good ? "wonderland" : "wonderland1")).status == (good ? 200 : 401))
            ++right;
        });
      }
    }
    EXPECT_EQ(right, 2 * kEach);
  }
}

// Its body is never read, so it cannot wait for the verdict.
TEST_F(FrontTest, ARequestWithABodyIsLetInOnceItsLoginIsKnown) {
  serve({.users = alice_and_bob()});
  EXPECT_EQ(get(basic("alice", "wonderland"), "POST", "x").status, 503);
  ASSERT_EQ(get(basic("alice", "wonderland")).status, 200);
  EXPECT_EQ(get(basic("alice", "wonderland"), "POST", "x").status, 200);
  EXPECT_EQ(get("", "POST", "x").status, 401);
}

TEST_F(FrontTest, WhoIsJustBeingJudgedDoesNotKeepTheServerFromStopping) {
  // A second for each of them.
  std::string dear = kWonderland;
  dear.replace(4, 2, "14");
  serve({.users = {{.name = "alice", .hash = bcrypt_hash(dear)}}});
  std::latch sent(3);
  std::vector<std::jthread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&, i] {
      sent.count_down();
      get(basic("alice", "wrong" + std::to_string(i)));
    });
  }
  sent.wait();
  const auto start = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
}

TEST_F(FrontTest, ConfiguredHeadersAreOnEveryAnswer) {
  serve({.headers = {{"X-Frame-Options", "deny"}, {"X-XSS-Protection", "1"}},
         .users = alice_and_bob()});
  for (const WebAnswer& answer : {get(), get(basic("alice", "wonderland"))}) {
    EXPECT_EQ(answer.headers.at("x-frame-options"), "deny");
    EXPECT_EQ(answer.headers.at("x-xss-protection"), "1");
  }
}

TEST_F(FrontTest, BeyondTheRateThereIs429) {
  serve({.rate_limit = Rate{.interval = std::chrono::hours(1), .burst = 2}});
  EXPECT_EQ(get().status, 200);
  EXPECT_EQ(get().status, 200);
  EXPECT_EQ(get().status, 429);
}

class TlsFrontTest : public FrontTest {
 protected:
  WebConfig config(const std::string& more = {}) {
    make_named("localhost");
    std::ofstream(folder_.path() / "web.yml")
        << "tls_server_config:\n  cert_file: localhost.pem\n  key_file: localhost.key\n"
        << more;
    auto reading = read_web_config(folder_.path() / "web.yml", clock_.wall());
    EXPECT_TRUE(reading.config) << mistake_text("web.yml", reading.mistakes.front());
    return std::move(*reading.config);
  }
  // A certificate that is its own authority.
  void make_named(const std::string& name) const {
    const auto& path = folder_.path();
    openssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path / (name + ".key"),
             "-out", path / (name + ".pem"), "-days", "30", "-subj", "/CN=" + name, "-addext",
             "subjectAltName=DNS:" + name});
  }
  std::string file(const std::string& name) const { return folder_.path() / name; }

  TemporaryFolder folder_;
};

TEST_F(TlsFrontTest, BodiesOfAllSizesArriveEncrypted) {
  serve(config());
  EXPECT_EQ(curl({"--cacert", file("localhost.pem")}).output, "come in\n");
  const Finished all = curl({"--cacert", file("localhost.pem")}, "/long");
  EXPECT_EQ(all.status, 0) << all.output.substr(0, 200);
  EXPECT_TRUE(all.output == long_);
  for (const std::string version : {"1.2", "1.3"}) {
    EXPECT_EQ(
        curl({"--cacert", file("localhost.pem"), "--tlsv" + version, "--tls-max", version}).output,
        "come in\n");
  }
  EXPECT_NE(get().status, 200) << "plain HTTP finds nobody";
}

TEST_F(TlsFrontTest, WhoDoesNotEndTheHandshakeIsCut) {
  HttpServerLimits limits;
  limits.request = std::chrono::milliseconds(300);
  serve(config(), {}, limits);
  const auto port = static_cast<std::uint16_t>(port_);
  for (const std::string& beginning :
       {std::string(), std::string("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 11)}) {
    RawClient half("127.0.0.1", port);
    half.send(beginning);
    EXPECT_TRUE(half.read_end());
  }
  EXPECT_EQ(curl({"--cacert", file("localhost.pem")}).output, "come in\n");
}

TEST_F(TlsFrontTest, ClientsAreJudgedBeforeAnyHttp) {
  make_named("prometheus");
  make_named("stranger");
  serve(
      config("  client_auth_type: RequireAndVerifyClientCert\n"
             "  client_ca_file: prometheus.pem\n"));
  const std::vector<std::string> trust{"--cacert", file("localhost.pem")};
  const auto with = [&](const std::string& name) {
    std::vector<std::string> arguments = trust;
    arguments.insert(arguments.end(),
                     {"--cert", file(name + ".pem"), "--key", file(name + ".key")});
    return curl(arguments);
  };
  EXPECT_EQ(with("prometheus").output, "come in\n");
  EXPECT_NE(with("stranger").status, 0);
  EXPECT_NE(curl(trust).status, 0);
  EXPECT_EQ(handled_, 1);
}

}  // namespace
}  // namespace pce
