#include "exporter/settings/spelling.h"

#include <array>
#include <string_view>

namespace pce {
namespace {

constexpr std::array<std::string_view, 5> kKnown{"name", "tenant_id", "client_id",
                                                 "client_secret_file", "cloud"};

struct Row {
  const char* name;
  const char* word;
  std::optional<std::string_view> near;
};

TEST(Spelling, FindsTheNearestWord) {
  const std::vector<Row> table{
      {.name = "a letter too many", .word = "tenant_idd", .near = "tenant_id"},
      {.name = "a letter missing", .word = "tenantid", .near = "tenant_id"},
      {.name = "another letter", .word = "tenant-id", .near = "tenant_id"},
      {.name = "two letters swapped", .word = "nmae", .near = "name"},
      {.name = "another case", .word = "CLOUD", .near = "cloud"},
      {.name = "half of it", .word = "client_secret", .near = "client_secret_file"},
      {.name = "more than it", .word = "partner_cloud", .near = "cloud"},
      {.name = "a slip is nearer than half a word", .word = "client_ids", .near = "client_id"},
      {.name = "something else", .word = "refresh", .near = std::nullopt},
      {.name = "nothing", .word = "", .near = std::nullopt},
  };
  for (const Row& row : table) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(nearest(row.word, kKnown), row.near);
  }
  EXPECT_EQ(nearest(std::string(100'000, 'n'), kKnown), std::nullopt);
}

TEST(Spelling, FindsAFewNearWordsTheNearestFirst) {
  constexpr std::array<std::string_view, 6> known{"Contoso Ltd",  "Contoso GmbH", "Contosa",
                                                  "Contoso GmbH", "Fabrikam",     "Contosso"};
  using testing::ElementsAre;
  EXPECT_THAT(nearest_few("contoso", known, 3), ElementsAre("Contosa", "Contosso", "Contoso Ltd"));
  EXPECT_THAT(nearest_few("contoso", known, 9),
              ElementsAre("Contosa", "Contosso", "Contoso Ltd", "Contoso GmbH"));
  EXPECT_THAT(nearest_few("woodgrove", known, 3), testing::IsEmpty());
}

TEST(Spelling, ListsWordsAsASentence) {
  EXPECT_EQ(any_of(std::span(kKnown).first(1)), "name");
  EXPECT_EQ(any_of(std::span(kKnown).first(2)), "name or tenant_id");
  EXPECT_EQ(any_of(std::span(kKnown).first(3)), "name, tenant_id or client_id");
}

}  // namespace
}  // namespace pce
