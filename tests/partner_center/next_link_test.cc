#include "exporter/partner_center/next_link.h"

#include <ostream>

namespace pce {

static void PrintTo(const NextPage& page, std::ostream* out) {
  *out << spelled(page.spelling, "…") << page.query;
}
static bool operator==(const NextPage& a, const NextPage& b) {
  return a.spelling == b.spelling && a.query == b.query;
}

namespace {

constexpr std::string_view kResource = "analytics/commercial/usage/license";
constexpr std::string_view kPartner = "/partner/v1/";

std::optional<NextPage> resolve(std::string_view link) {
  return resolve_next_link(link, "https://api.example", kResource, kPathSpellings[0]);
}

struct Good {
  std::string name, link, query;
  PathSpelling spelling = kPathSpellings[0];
};

class GoodCommercialLink : public testing::TestWithParam<Good> {};

TEST_P(GoodCommercialLink, NamesAPageOfTheSameResource) {
  EXPECT_EQ(resolve(GetParam().link), (NextPage{GetParam().spelling, GetParam().query}));
}

INSTANTIATE_TEST_SUITE_P(
    Links, GoodCommercialLink,
    testing::Values(
        Good{"absolute",
             "https://api.example/partner/v1/analytics/commercial/usage/license?top=1&skip=1",
             "?top=1&skip=1"},
        Good{"absolute_host_in_other_case",
             "HTTPS://API.Example/partner/v1/analytics/commercial/usage/license?skip=1", "?skip=1"},
        Good{"absolute_usual_port",
             "https://api.example:443/partner/v1/analytics/commercial/usage/license?skip=1",
             "?skip=1"},
        Good{"absolute_other_spelling",
             "https://api.example/v1/analytics/commercial/usage/license/?skip=1",
             "?skip=1",
             {"/v1/", "/"}},
        Good{"root", "/partner/v1/analytics/commercial/usage/license?skip=1", "?skip=1"},
        Good{"root_other_prefix",
             "/v1/analytics/commercial/usage/license?skip=1",
             "?skip=1",
             {"/v1/", ""}},
        Good{"root_with_slash",
             "/partner/v1/analytics/commercial/usage/license/?skip=1",
             "?skip=1",
             {kPartner, "/"}},
        Good{"root_doubled_slash", "/partner/v1//analytics/commercial/usage/license?skip=1",
             "?skip=1"},
        Good{"root_other_case", "/Partner/V1/Analytics/Commercial/Usage/License?skip=1", "?skip=1"},
        Good{"last_segment", "license?top=1&skip=1", "?top=1&skip=1"},
        Good{"last_segment_with_slash", "license/?skip=1", "?skip=1", {kPartner, "/"}},
        Good{"only_the_query", "?skip=1", "?skip=1"}, Good{"no_query", "license", ""},
        Good{"spaces", "license?top=1&skip=1&orderby=date desc",
             "?top=1&skip=1&orderby=date%20desc"},
        Good{"spaces_around", "  license?skip=1 ", "?skip=1"},
        Good{"filter", "license?filter=customerTenantId eq 'a' or customerTenantId eq \"b\"",
             "?filter=customerTenantId%20eq%20'a'%20or%20customerTenantId%20eq%20%22b%22"},
        Good{"encoded", "license?filter=channel%20eq%20%27a%27", "?filter=channel%20eq%20%27a%27"},
        Good{"address_in_the_query", "license?from=https://evil.example/",
             "?from=https://evil.example/"},
        Good{"dots_in_the_query", "license?from=/../x", "?from=/../x"}),
    [](const auto& row) { return row.param.name; });

struct Bad {
  std::string name, link;
};

class BadCommercialLink : public testing::TestWithParam<Bad> {};

TEST_P(BadCommercialLink, LeadsNowhere) { EXPECT_EQ(resolve(GetParam().link), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(
    Links, BadCommercialLink,
    testing::Values(
        Bad{"other_host", "https://evil.example/partner/v1/analytics/commercial/usage/license?a"},
        Bad{"other_scheme", "http://api.example/partner/v1/analytics/commercial/usage/license?a"},
        Bad{"other_port",
            "https://api.example:8443/partner/v1/analytics/commercial/usage/license?a"},
        Bad{"our_host_as_user",
            "https://api.example@evil.test/partner/v1/analytics/commercial/usage/license?a"},
        Bad{"a_user_of_ours",
            "https://me@api.example/partner/v1/analytics/commercial/usage/license?a"},
        Bad{"network_path", "//evil.example/partner/v1/analytics/commercial/usage/license?a"},
        Bad{"up_and_back", "/partner/v1/analytics/commercial/usage/../usage/license?a"},
        Bad{"up_and_away", "/partner/v1/analytics/commercial/usage/license/../../x?a"},
        Bad{"dots_encoded", "/partner/v1/analytics/commercial/%2e%2e/usage/license?a"},
        Bad{"relative_up", "../deployment/license?a"}, Bad{"relative_here", "./license?a"},
        Bad{"other_insight", "/partner/v1/analytics/commercial/deployment/license?a"},
        Bad{"below", "/partner/v1/analytics/commercial/usage/license/x?a"},
        Bad{"longer", "/partner/v1/analytics/commercial/usage/licenses?a"},
        Bad{"other_version", "/v2/analytics/commercial/usage/license?a"},
        Bad{"two_slashes_at_the_end_of_a_segment", "license//?a"},
        Bad{"other_segment", "customers?a"}, Bad{"backslashes", "\\\\evil.example\\license?a"},
        Bad{"fragment", "license?a#b"}, Bad{"fragment_before_the_query", "license#?a"},
        Bad{"line_break", "license?a\r\nHost: evil.example"}, Bad{"tab", "lic\tense?a"},
        Bad{"nul", std::string("license?a\0b", 11)}, Bad{"space_in_the_path", "lic ense?a"},
        Bad{"garbage", "%%%\x01\xFF<html>"}, Bad{"script", "javascript:alert(1)"},
        Bad{"blank", "   "}, Bad{"empty", ""}, Bad{"root", "/"}),
    [](const auto& row) { return row.param.name; });

TEST(NextLink, OfALastSegmentKeepsThePrefixThatWasAsked) {
  const auto next = resolve_next_link("license?a", "https://api.example", kResource, {"/v1/", "/"});
  EXPECT_EQ(next, (NextPage{{"/v1/", ""}, "?a"}));
  EXPECT_EQ(resolve_next_link("?a", "https://api.example", kResource, {"/v1/", "/"}),
            (NextPage{{"/v1/", "/"}, "?a"}));
}

}  // namespace
}  // namespace pce
