#pragma once
// A token source with a scripted sign-in service and a token file of its own.
#include <filesystem>
#include <string>

#include "exporter/identity/entra_token_source.h"
#include "tests/support/fake_clock.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/metric_reading.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/temporary_folder.h"

namespace pce {

inline HttpResponse issued(const std::string& access,
                           const std::string& rest = R"("expires_in":3600)") {
  return {.status = 200,
          .body = R"({"token_type":"Bearer","access_token":")" + access + "\"," + rest + "}"};
}

inline HttpResponse rotated(const std::string& access, const std::string& refresh) {
  return issued(access, R"("expires_in":3600,"refresh_token":")" + refresh + "\"");
}

inline HttpResponse refused(const std::string& word, int code) {
  const std::string number = std::to_string(code);
  return {.status = 400,
          .body = R"({"error":")" + word + R"(","error_codes":[)" + number +
                  R"(],"error_description":"AADSTS)" + number + R"(: no"})"};
}

class EntraFixture : public testing::Test {
 protected:
  EntraTokenSource source(Transport& transport) { return source(transport, public_); }
  EntraTokenSource source(Transport& transport, ClientCredential& credential) {
    return EntraTokenSource({transport, governor_, clock_, telemetry_}, credential,
                            {.login = "https://login.example/",
                             .tenant_id = "tenant-1",
                             .client_id = "client 1",
                             .resource = "https://api.example",
                             .refresh_token_file = path_});
  }

  void store(const TokenRecord& record) const { ASSERT_TRUE(TokenFile(path_).write(record)); }
  TokenRecord record() const {
    const auto record = TokenFile(path_).read();
    EXPECT_TRUE(record) << record.error().message;
    return record ? *record : TokenRecord();
  }
  std::string stored() const { return std::string(record().refresh_token.reveal()); }

  FakeClock clock_;
  Governor governor_{clock_, {.requests_per_minute = 6000, .concurrency = 1}};
  prometheus::Registry registry_;
  ApiTelemetry telemetry_{registry_, "contoso", {"token"}};
  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "token";
  ClientCredential public_{"client 1", {}};
  ClientCredential secret_{"client 1", {.client_secret_file = folder_.path() / "secret"}};
};

}  // namespace pce
