#include "exporter/identity/token_record.h"

#include "exporter/json/json_document.h"

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

TokenRecord complete() {
  return {.refresh_token = Secret("0.new-token_~"),
          .previous = Secret("0.old-token"),
          .authority = "https://login.microsoftonline.com",
          .tenant_id = "11111111-2222-3333-4444-555555555555",
          .client_id = "66666666-7777-8888-9999-000000000000",
          .client_type = ClientType::kConfidential,
          .scope = "https://api.partnercenter.microsoft.com/user_impersonation",
          .flow = "authorization_code",
          .user = "zoë \"x\"@contoso.example",
          .methods = {"pwd", "mfa"},
          .signed_in_at = WallTime(std::chrono::milliseconds(1795680309040)),
          .rotated_at = WallTime(std::chrono::milliseconds(1795680310000))};
}

TEST(TokenRecord, ReadsBackWhole) {
  for (const TokenRecord& record : {complete(), TokenRecord{.refresh_token = Secret("abc")},
                                    TokenRecord{.refresh_token = Secret(std::string(8192, 'x')),
                                    .client_type = ClientType::kPublic}}) {
    const auto read = parse_token_record(token_record_text(record));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(*read == record);
  }
}

TEST(TokenRecord, IsWrittenAsTheFormOthersMayReadToo) {
  EXPECT_EQ(token_record_text(complete()).reveal(),
            R"({
  "version": 1,
  "authority": "https://login.microsoftonline.com",
  "tenant_id": "11111111-2222-3333-4444-555555555555",
  "client_id": "66666666-7777-8888-9999-000000000000",
  "client_type": "confidential",
  "scope": "https://api.partnercenter.microsoft.com/user_impersonation",
  "refresh_token": "0.new-token_~",
  "previous_refresh_token": "0.old-token",
  "signed_in_at": "2026-11-26T08:05:09.040Z",
  "rotated_at": "2026-11-26T08:05:10.000Z",
  "flow": "authorization_code",
  "amr": [
    "pwd",
    "mfa"
  ],
  "upn": "zoë \"x\"@contoso.example"
}
)");
  EXPECT_EQ(token_record_text({.refresh_token = Secret("abc")}).reveal(),
            "{\n  \"version\": 1,\n  \"refresh_token\": \"abc\"\n}\n");
}

struct TokenText {
  std::string name, content, token;
};

class TokenForm : public testing::TestWithParam<TokenText> {};

TEST_P(TokenForm, IsRead) {
  const auto record = parse_token_record(Secret(GetParam().content));
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_TRUE(*record == TokenRecord{.refresh_token = Secret(GetParam().token)})
      << "nothing else is known of it";
}

INSTANTIATE_TEST_SUITE_P(
    Forms, TokenForm,
    testing::Values(TokenText{"plain", "0.AAA-bbb_c.d", "0.AAA-bbb_c.d"},
                    TokenText{"line_feed", "abc\n", "abc"},
                    TokenText{"blanks_behind", "abc \r\n\n", "abc"},
                    TokenText{"long", std::string(8192, 'x') + "\n", std::string(8192, 'x')},
                    TokenText{"json", R"({"refresh_token":"abc"})", "abc"},
                    TokenText{"json_behind_blanks", "\r\n {\"refresh_token\": \"abc\"}\n", "abc"},
                    TokenText{"other_members",
                              R"({"refresh_token":"abc","x":{"y":[1]},"access_token":"z"})", "abc"},
                    TokenText{"odd_values",
                              R"({"version":1,"refresh_token":"abc","previous_refresh_token":"a b",
                      "tenant_id":5,"client_type":null,"amr":"mfa","rotated_at":"yesterday"})",
                              "abc"}),
    [](const auto& row) { return row.param.name; });

struct BadTokenText {
  std::string name, content, complaint;
};

class BadTokenForm : public testing::TestWithParam<BadTokenText> {};

TEST_P(BadTokenForm, IsRefusedWithoutShowingIt) {
  const auto record = parse_token_record(Secret(GetParam().content));
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().kind, ErrorKind::kSettings);
  EXPECT_THAT(record.error().message, HasSubstr(GetParam().complaint));
  EXPECT_THAT(record.error().message, Not(HasSubstr("canary")));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, BadTokenForm,
    testing::Values(
        BadTokenText{"empty", "", "is empty"}, BadTokenText{"blank", " \r\n", "is empty"},
        BadTokenText{"two_lines", "canary\ncanary\n", "on one line"},
        BadTokenText{"space_in_front", " canary", "on one line"},
        BadTokenText{"letters", "canäry", "on one line"},
        BadTokenText{"cut", R"({"refresh_token":"canary)", "JSON"},
        BadTokenText{"other", R"({"access_token":"canary"})", "no member"},
        BadTokenText{"number", R"({"refresh_token":5})", "no member"},
        BadTokenText{"blanks_in_it", R"({"refresh_token":"canary canary"})", "refresh_token"},
        BadTokenText{"type", R"({"refresh_token":"canary","client_type":"canary"})", "client_type"},
        BadTokenText{"type_number", R"({"refresh_token":"canary","client_type":1})", "client_type"},
        BadTokenText{"version_text", R"({"version":"canary","refresh_token":"canary"})", "version"},
        BadTokenText{"version_0", R"({"version":0,"refresh_token":"canary"})", "version"},
        BadTokenText{"newer", R"({"version":2,"token":"canary"})", "newer release (version 2"}),
    [](const auto& row) { return row.param.name; });

TEST(TokenRecord, KnowsANewerReleasesFile) {
  EXPECT_TRUE(is_of_newer_release(Secret(R"({"version":2})")));
  EXPECT_TRUE(is_of_newer_release(Secret(R"({"version":200,"refresh_token":"a"})")));
  for (const char* older : {"", "abc", R"({"version":1})", R"({"version":"x"})", "{"})
    EXPECT_FALSE(is_of_newer_release(Secret(older))) << older;
}

}  // namespace
}  // namespace pce
