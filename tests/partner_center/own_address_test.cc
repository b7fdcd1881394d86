#include "exporter/partner_center/own_address.h"

namespace pce {
namespace {

constexpr std::string_view kBase = "https://api.example";

struct Own {
  std::string name, link, below;
  std::string base{kBase};
};

class OwnLink : public testing::TestWithParam<Own> {};

TEST_P(OwnLink, IsWhatStandsBelowTheBase) {
  EXPECT_EQ(below_api_base(GetParam().link, GetParam().base), GetParam().below);
}

INSTANTIATE_TEST_SUITE_P(
    Links, OwnLink,
    testing::Values(
        Own{"absolute", "https://api.example/v1/x?a=b", "/v1/x?a=b"},
        Own{"other_case", "HTTPS://Api.Example/v1/X?A=b", "/v1/X?A=b"},
        Own{"usual_port", "https://api.example:443/v1/x", "/v1/x"},
        Own{"empty_port", "https://api.example:/v1/x", "/v1/x"},
        Own{"usual_port_in_the_base", "https://api.example/v1/x", "/v1/x",
            "https://api.example:443"},
        Own{"plain", "http://127.0.0.1:10366/v1/x", "/v1/x", "http://127.0.0.1:10366"},
        Own{"plain_usual_port", "http://localhost/v1/x", "/v1/x", "http://localhost:80"},
        Own{"ipv6", "http://[::1]:8080/v1/x", "/v1/x", "http://[::1]:8080"},
        Own{"ipv6_usual_port", "http://[::1]/v1/x", "/v1/x", "http://[::1]:80"},
        Own{"below_a_path", "https://api.example/pc/v1/x", "/v1/x", "https://api.example/pc"},
        Own{"relative_to_the_root", "/v1/x?a=b", "/v1/x?a=b"}, Own{"relative", "x?a=b", "x?a=b"},
        Own{"only_a_query", "?a=b", "?a=b"},
        Own{"colon_in_the_query", "x?a=https://evil.example/", "x?a=https://evil.example/"},
        Own{"empty", "", ""}),
    [](const auto& row) { return row.param.name; });

struct Foreign {
  std::string name, link;
  std::string base{kBase};
};

class ForeignLink : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignLink, IsRefused) {
  EXPECT_EQ(below_api_base(GetParam().link, GetParam().base), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Links, ForeignLink,
    testing::Values(
        Foreign{"other_host", "https://evil.example/v1/x"},
        Foreign{"longer_host", "https://api.example.evil.test/v1/x"},
        Foreign{"host_with_a_dot", "https://api.example./v1/x"},
        Foreign{"our_host_as_user", "https://api.example@evil.test/v1/x"},
        Foreign{"our_host_as_user_with_port", "https://api.example:443@evil.test/v1/x"},
        Foreign{"a_user_of_ours", "https://somebody@api.example/v1/x"},
        Foreign{"backslash", "https://api.example\\@evil.test/v1/x"},
        Foreign{"other_scheme", "http://api.example/v1/x"},
        Foreign{"other_port", "https://api.example:8443/v1/x"},
        Foreign{"port_of_the_other_scheme", "https://api.example:80/v1/x"},
        Foreign{"port_in_other_digits", "https://api.example:0443/v1/x"},
        Foreign{"no_port_where_ours_has_one", "http://127.0.0.1/v1/x", "http://127.0.0.1:10366"},
        Foreign{"outside_the_base", "https://api.example/v1/x", "https://api.example/pc"},
        Foreign{"beside_the_base", "https://api.example/pcx/v1/x", "https://api.example/pc"},
        Foreign{"no_path", "https://api.example?a=b"}, Foreign{"no_host", "https:///v1/x"},
        Foreign{"no_slashes", "https:v1/x"}, Foreign{"script", "javascript:x"},
        Foreign{"file", "file:///etc/passwd"}),
    [](const auto& row) { return row.param.name; });

TEST(PlainPath, HasOneSlashBetweenSegments) {
  EXPECT_EQ(plain_path("v1//customers/"), "/v1/customers");
  EXPECT_EQ(plain_path("//v1/customers"), "/v1/customers");
  EXPECT_EQ(plain_path(""), "/");
  EXPECT_EQ(plain_path("/v1/../x"), "/v1/../x") << "dots are for the caller to refuse";
}

TEST(SendableQuery, EncodesWhatMayNotStandInItAndNothingTwice) {
  EXPECT_EQ(sendable_query("?top=1&orderby=date desc&f=a eq 'b'"),
            "?top=1&orderby=date%20desc&f=a%20eq%20'b'");
  EXPECT_EQ(sendable_query("?a=%20%2f&b=50%&c=%zz&d=%2"), "?a=%20%2f&b=50%25&c=%25zz&d=%252");
  EXPECT_EQ(sendable_query("?a={\"<>\\^`|}[]"), "?a=%7B%22%3C%3E%5C%5E%60%7C%7D%5B%5D");
  EXPECT_EQ(sendable_query("?a=ü"), "?a=%C3%BC");
  EXPECT_EQ(sendable_query(""), "");
}

TEST(SendableQuery, RefusesFragmentsAndControlCharacters) {
  for (const std::string_view bad : {"?a#b", "?a\r\nHost: x", "?a\tb", "?a\x7F"}) {
    EXPECT_EQ(sendable_query(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(sendable_query(std::string_view("?a\0b", 4)), std::nullopt);
}

TEST(QueryValue, EncodesWhatMayNotStandInAQuery) {
  EXPECT_EQ(query_value("customerTenantId eq 'a'"), "customerTenantId%20eq%20%27a%27");
  EXPECT_EQ(query_value("serviceCode,channel"), "serviceCode,channel");
  EXPECT_EQ(query_value("2018-10-14T00:00:00"), "2018-10-14T00:00:00");
  EXPECT_EQ(query_value("&a=b#%+/\"\r\n"), "%26a%3Db%23%25%2B%2F%22%0D%0A");
  EXPECT_EQ(query_value("ü"), "%C3%BC");
}

}  // namespace
}  // namespace pce
