#include "exporter/partner_center/commercial_pages.h"

#include <array>

#include "tests/partner_center/commercial_reading.h"

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kFull = kCommercialRowsPerPage;
const std::string kResource = "analytics/commercial/usage/license";
const std::string kPath = "/partner/v1/" + kResource;

class CommercialPagesTest : public CommercialReading {};

std::string up_to_query(const std::string& target) { return target.substr(0, target.find('?')); }

TEST_F(CommercialPagesTest, OneShortPageIsAll) {
  const auto all =
      read([](const auto&, auto) { return CommercialAnswer{{.rows = 3, .total_count = 3}}; });
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->pages, 1U);
  EXPECT_EQ(all->rows, 3U);
  EXPECT_EQ(all->total_count, 3);
  EXPECT_EQ(all->restarts, 0);
  EXPECT_THAT(targets_, ElementsAre(kPath + "?top=10000"));
}

TEST_F(CommercialPagesTest, AskWhatTheQuestionSays) {
  const std::array customers{*TenantId::parse("11111111-1111-1111-1111-111111111111"),
                             *TenantId::parse("AAAAAAAA-2222-2222-2222-222222222222")};
  const auto all = read([](const auto&, auto) { return CommercialAnswer{}; },
                        {.operation = "bulk",
                         .path = kResource,
                         .filter = filter_of_customers(customers),
                         .group_by = "serviceCode,channel",
                         .processed_date = "2018-10-14T00:00:00"});
  ASSERT_TRUE(all);
  EXPECT_THAT(
      targets_,
      ElementsAre(kPath + "?top=10000&filter="
                          "customerTenantId%20eq%20%2711111111-1111-1111-1111-111111111111%27"
                          "%20or%20"
                          "customerTenantId%20eq%20%27aaaaaaaa-2222-2222-2222-222222222222%27"
                          "&groupby=serviceCode,channel&processedDateTime=2018-10-14T00:00:00"));
  EXPECT_EQ(filter_of_customers({}), "");
}

TEST_F(CommercialPagesTest, FullPagesAreFollowedBySkipUntilOneIsNot) {
  const auto all =
      read([](const auto&, auto nth) { return CommercialAnswer{{.rows = nth < 2 ? kFull : 7}}; },
           {.operation = "bulk", .path = kResource, .filter = "channel eq 'a'"});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->pages, 3U);
  EXPECT_EQ(all->rows, 2 * kFull + 7);
  EXPECT_FALSE(all->total_count);
  EXPECT_THAT(targets_, ElementsAre(kPath + "?top=10000&filter=channel%20eq%20%27a%27",
                                    kPath + "?top=10000&skip=10000&filter=channel%20eq%20%27a%27",
                                    kPath + "?top=10000&skip=20000&filter=channel%20eq%20%27a%27"));
  EXPECT_THAT(taken_, ElementsAre(ElementsAre(kFull, kFull, 7)));
}

TEST_F(CommercialPagesTest, StopWhereTheTotalSaysThatAllIsRead) {
  const auto all = read([](const auto&, auto nth) {
    return CommercialAnswer{
        {.rows = kFull,
         .next_link = nth == 1 ? std::optional<std::string>("license?more") : std::nullopt,
         .total_count = 2 * kFull}};
  });
  ASSERT_TRUE(all);
  EXPECT_EQ(all->rows, 2 * kFull);
  EXPECT_EQ(targets_.size(), 2U);
}

// Whether TotalCount counts the page or all is not documented.
TEST_F(CommercialPagesTest, DoNotTakeThePagesOwnCountForTheTotal) {
  const auto by_skip = read([](const auto& target, auto) {
    const std::size_t rows = target.find("skip") == std::string::npos ? kFull : 5;
    return CommercialAnswer{{.rows = rows, .total_count = rows}};
  });
  ASSERT_TRUE(by_skip) << by_skip.error().message;
  EXPECT_EQ(by_skip->rows, kFull + 5);
  EXPECT_EQ(by_skip->total_count, 5);

  const auto by_link = read([](const auto& target, auto) {
    const bool first = target.find("more") == std::string::npos;
    return CommercialAnswer{
        {.rows = 4,
         .next_link = first ? std::optional<std::string>("license?more") : std::nullopt,
         .total_count = 4}};
  });
  ASSERT_TRUE(by_link) << by_link.error().message;
  EXPECT_EQ(by_link->rows, 8U);
  EXPECT_EQ(by_link->restarts, 0);
}

TEST_F(CommercialPagesTest, FollowLinksOfAnyForm) {
  const std::array<std::string, 4> links{
      "https://api.example:443" + kPath + "?top=10000&skip=1&filter=a eq 'b'",
      "/v1/" + kResource + "/?skip=2", "license?skip=3", "license/?skip=4"};
  const auto all = read([&](const auto&, auto nth) {
    return CommercialAnswer{
        {.rows = 1, .next_link = nth < links.size() ? std::optional(links[nth]) : std::nullopt}};
  });
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->pages, 5U);
  EXPECT_THAT(targets_,
              ElementsAre(kPath + "?top=10000", kPath + "?top=10000&skip=1&filter=a%20eq%20'b'",
                          kPath + "?skip=2", kPath + "?skip=3", kPath + "?skip=4"))
      << "in the spelling that answered, whatever the link's";
}

TEST_F(CommercialPagesTest, AskInTheLinksSpellingWhereOursIsNotFound) {
  const auto all = read([&](const auto& target, auto) {
    if (target.find("skip") == std::string::npos)
      return CommercialAnswer{{.rows = 1, .next_link = "/v1/" + kResource + "/?skip=1"}};
    return target.starts_with("/v1/" + kResource + "/") ? CommercialAnswer{{.rows = 1}}
                                                        : CommercialAnswer{.status = 404};
  });
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_THAT(targets_, ElementsAre(kPath + "?top=10000", kPath + "?skip=1",
                                    "/v1/" + kResource + "/?skip=1"));
}

TEST_F(CommercialPagesTest, ABlankLinkIsNone) {
  const auto all =
      read([](const auto&, auto) { return CommercialAnswer{{.rows = 1, .next_link = " "}}; });
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->pages, 1U);
}

class ForeignNextLink : public CommercialPagesTest,
                        public testing::WithParamInterface<std::string> {};

TEST_P(ForeignNextLink, IsNotFollowed) {
  const auto all = read(
      [](const auto&, auto) { return CommercialAnswer{{.rows = 1, .next_link = GetParam()}}; });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kMalformed);
  EXPECT_THAT(all.error().message, HasSubstr("bulk, page 1: @nextLink does not lead to another"));
  EXPECT_EQ(targets_.size(), 1U) << "nobody else may see our token";
}

INSTANTIATE_TEST_SUITE_P(Links, ForeignNextLink,
                         testing::Values("https://evil.example" + kPath + "?skip=1",
                                         "https://api.example@evil.test" + kPath + "?skip=1",
                                         "/partner/v1/analytics/commercial/deployment/license?s=1",
                                         "/partner/v1/../v1/" + kResource + "?skip=1",
                                         "license?skip=1#x", "license?skip=1\r\nHost: evil.example",
                                         "\x01<garbage>"));

TEST_F(CommercialPagesTest, TheSameLinkIsNotFollowedTwice) {
  const auto all = read([](const auto&, auto) {
    return CommercialAnswer{{.rows = 1, .next_link = "license?skip=1"}};
  });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kMalformed);
  EXPECT_THAT(all.error().message, HasSubstr("page 2: @nextLink leads back"));
  EXPECT_EQ(targets_.size(), 2U);
}

TEST_F(CommercialPagesTest, ACycleOfLinksEndsWhereverItCloses) {
  const std::array<std::string, 3> ends{"license?a", "/v1/" + kResource + "/?a",
                                        "license?top=10000"};
  for (const std::string& back : ends) {
    const auto all = read([&](const auto&, auto nth) {
      const std::array<std::string, 3> links{"license?a", "license?b", back};
      return CommercialAnswer{{.rows = 1, .next_link = links.at(nth)}};
    });
    ASSERT_FALSE(all) << back;
    EXPECT_THAT(all.error().message, HasSubstr("page 3: @nextLink leads back")) << back;
    EXPECT_EQ(targets_.size(), 3U) << back;
  }
}

TEST_F(CommercialPagesTest, AServiceThatIgnoresSkipIsFoundOut) {
  const auto all = read([](const auto&, auto) {
    return CommercialAnswer{{.rows = kFull, .total_count = 3 * kFull}, 200, "always this"};
  });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kMalformed);
  EXPECT_THAT(all.error().message, HasSubstr("page 2: the page brings the rows of an earlier"));
}

TEST_F(CommercialPagesTest, OneEmptyPageMayNameANextOneButNotTwoInARow) {
  const auto one = read([](const auto&, auto nth) {
    const std::array<std::size_t, 5> rows{1, 0, 1, 0, 1};
    return CommercialAnswer{{.rows = rows.at(nth),
                             .next_link = nth < 4
                                              ? std::optional("license?page=" + std::to_string(nth))
                                              : std::nullopt}};
  });
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->rows, 3U);

  const auto two = read([](const auto&, auto nth) {
    return CommercialAnswer{{.rows = 0, .next_link = "license?page=" + std::to_string(nth)}};
  });
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().kind, ErrorKind::kMalformed);
  EXPECT_EQ(targets_.size(), 2U);
}

TEST_F(CommercialPagesTest, AreBounded) {
  const auto all = read([](const auto&, auto nth) {
    return CommercialAnswer{{.rows = 1, .next_link = "license?page=" + std::to_string(nth)}};
  });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(targets_.size(), kCommercialPagesMax);
}

class OtherSpelling : public CommercialPagesTest, public testing::WithParamInterface<int> {};

TEST_P(OtherSpelling, IsFoundAndRemembered) {
  const std::string wanted =
      spelled(kPathSpellings.at(static_cast<std::size_t>(GetParam())), kResource);
  const auto answer = [&](const std::string& target, std::size_t) {
    return up_to_query(target) == wanted ? CommercialAnswer{{.rows = 1}}
                                         : CommercialAnswer{.status = 404};
  };
  ASSERT_TRUE(read(answer));
  EXPECT_EQ(targets_.size(), static_cast<std::size_t>(GetParam()) + 1);
  ASSERT_TRUE(read(answer));
  EXPECT_THAT(targets_, ElementsAre(wanted + "?top=10000"));
}

INSTANTIATE_TEST_SUITE_P(Spellings, OtherSpelling, testing::Values(0, 1, 2, 3));

TEST_F(CommercialPagesTest, TheSpellingOfOnePathIsTheFirstGuessForAnother) {
  const auto answer = [](const std::string& target, std::size_t) {
    return target.starts_with("/v1/") ? CommercialAnswer{} : CommercialAnswer{.status = 404};
  };
  ASSERT_TRUE(read(answer));
  ASSERT_TRUE(
      read(answer, {.operation = "bulk", .path = "analytics/commercial/deployment/license"}));
  EXPECT_EQ(targets_.size(), 1U);
}

TEST_F(CommercialPagesTest, SpellingsAreTriedAgainWhereTheRememberedOneIsGone) {
  const auto only = [](const std::string& prefix) {
    return [prefix](const std::string& target, std::size_t) {
      return target.starts_with(prefix) ? CommercialAnswer{{.rows = 1}}
                                        : CommercialAnswer{.status = 404};
    };
  };
  ASSERT_TRUE(read(only("/v1/")));
  ASSERT_TRUE(read(only("/partner/")));
  EXPECT_EQ(targets_.size(), 2U);
  ASSERT_TRUE(read(only("/partner/")));
  EXPECT_EQ(targets_.size(), 1U);
}

TEST_F(CommercialPagesTest, NotFoundInAnySpellingIsSaid) {
  const auto all = read([](const auto&, auto) { return CommercialAnswer{.status = 404}; });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(all.error().http_status, 404);
  EXPECT_THAT(all.error().message,
              HasSubstr("bulk, page 1: none of the 4 spellings of " + kResource + " is found"));
  EXPECT_THAT(targets_, ElementsAre(kPath + "?top=10000", "/v1/" + kResource + "?top=10000",
                                    kPath + "/?top=10000", "/v1/" + kResource + "/?top=10000"));
}

TEST_F(CommercialPagesTest, OnlyABare404IsAMatterOfSpelling) {
  const auto forbidden = read([](const auto&, auto) { return CommercialAnswer{.status = 403}; });
  ASSERT_FALSE(forbidden);
  EXPECT_EQ(forbidden.error().kind, ErrorKind::kForbidden);
  EXPECT_EQ(targets_.size(), 1U);

  const auto not_ours = read([](const auto&, auto) {
    return CommercialAnswer{{}, 404, R"({"code":60003,"description":"no such tenant"})"};
  });
  ASSERT_FALSE(not_ours);
  EXPECT_EQ(not_ours.error().api_code, "60003");
  EXPECT_EQ(targets_.size(), 1U);
}

TEST_F(CommercialPagesTest, ABrokenPageIsAskedForOnceMore) {
  const auto all = read([](const auto&, auto nth) {
    if (nth == 0) return CommercialAnswer{{.rows = kFull}};
    return nth == 1 ? CommercialAnswer{{}, 200, "broken"} : CommercialAnswer{{.rows = 2}};
  });
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->pages, 2U);
  EXPECT_EQ(all->restarts, 0);
  ASSERT_EQ(targets_.size(), 3U);
  EXPECT_EQ(targets_[1], targets_[2]);
}

TEST_F(CommercialPagesTest, APageBrokenTwiceIsAnErrorThatNamesIt) {
  const auto all = read([](const auto&, auto nth) {
    return nth == 0 ? CommercialAnswer{{.rows = kFull}} : CommercialAnswer{{}, 200, "broken"};
  });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kMalformed);
  EXPECT_EQ(all.error().message, "bulk, page 2: broken body");
  EXPECT_EQ(targets_.size(), 3U);
}

TEST_F(CommercialPagesTest, WhatIsNotTheBodysFaultIsNotAskedAgain) {
  const auto all = read([](const auto&, auto) { return CommercialAnswer{{}, 200, "full"}; });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(targets_.size(), 1U);
}

TEST_F(CommercialPagesTest, AFailingPageIsNamedWithItsOperation) {
  const auto all = read([](const auto&, auto nth) {
    return nth == 0 ? CommercialAnswer{{.rows = kFull}} : CommercialAnswer{.status = 400};
  });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kRejected);
  EXPECT_THAT(all.error().message,
              testing::StartsWith("bulk, page 2: GET " + kPath + ": HTTP 400"));
}

TEST_F(CommercialPagesTest, EndSoonAfterAStop) {
  const auto all = read([&](const auto&, auto) {
    stop_.request_stop();
    return CommercialAnswer{{.rows = kFull}};
  });
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(targets_.size(), 1U);
}

TEST_F(CommercialPagesTest, FirstPageTellsWhetherMoreFollow) {
  const auto more = first_page([](const auto&, auto) {
    return CommercialAnswer{{.rows = kFull, .next_link = "license?more", .total_count = 3 * kFull}};
  });
  ASSERT_TRUE(more) << more.error().message;
  EXPECT_FALSE(more->is_all);
  EXPECT_EQ(more->read.rows, kFull);
  EXPECT_EQ(more->read.total_count, 3 * kFull);
  EXPECT_THAT(targets_, ElementsAre(kPath + "?top=10000"));

  const auto all =
      first_page([](const auto&, auto) { return CommercialAnswer{{.rows = 7, .total_count = 7}}; });
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->is_all);
}

TEST_F(CommercialPagesTest, FirstPageFindsAndRemembersTheSpelling) {
  const auto only_plain = [](const std::string& target, auto) {
    return CommercialAnswer{{.rows = 1}, target.starts_with("/v1/") ? 200 : 404};
  };
  ASSERT_TRUE(first_page(only_plain));
  EXPECT_EQ(targets_.size(), 2U);
  ASSERT_TRUE(first_page(only_plain));
  EXPECT_EQ(targets_.size(), 1U);

  const auto refused = first_page([](const auto&, auto) { return CommercialAnswer{{}, 403}; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kForbidden);
  EXPECT_THAT(refused.error().message, HasSubstr("bulk, page 1: "));
}

}  // namespace
}  // namespace pce
