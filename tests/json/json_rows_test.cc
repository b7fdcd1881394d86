#include "exporter/json/json_rows.h"

#include <array>
#include <utility>

#include <gmock/gmock.h>

namespace pce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array<std::string_view, 2> kRowKeys{"items", "Value"};
constexpr std::array<std::string_view, 3> kColumns{"name", "count", "percent"};
constexpr RowShape kShape{kRowKeys, kColumns};

std::string shown(const JsonScalar& value) {
  switch (value.kind) {
    case JsonKind::kAbsent:
      return "-";
    case JsonKind::kText:
      return "'" + std::string(value.text) + "'";
    case JsonKind::kNumber:
      return value.whole ? std::to_string(value.integer) : "real";
    default:
      return name_of(value.kind);
  }
}

class Remembering final : public RowSink {
 public:
  void row(std::size_t index, std::span<const JsonScalar> cells) override {
    std::string line = std::to_string(index) + ":";
    for (const JsonScalar& cell : cells) line += " " + shown(cell);
    rows.push_back(line);
  }
  void not_a_row(std::size_t index, JsonKind found) override {
    rows.push_back(std::to_string(index) + ": " + name_of(found));
  }
  void envelope(std::string_view key, const JsonScalar& value) override {
    envelopes.push_back(std::string(key) + "=" + shown(value));
  }
  void unknown_field(std::string_view key, JsonKind kind) override {
    unknown.push_back(std::string(key) + "=" + name_of(kind));
  }
  void repeated_field(std::size_t column) override {
    repeated.push_back(std::string(kColumns[column]) + " before " + std::to_string(rows.size()));
  }
  std::vector<std::string> rows, envelopes, unknown, repeated;
};

TEST(ReadRows, HandsOutTheWantedFieldsOfEachRow) {
  Remembering sink;
  const auto tally = read_rows(
      R"({"totalCount":2,"items":[{"count":1,"name":"a","percent":2.5},{"NAME":"b","Count":"7"}]})",
      kShape, sink);
  ASSERT_TRUE(tally) << tally.error().message;
  EXPECT_THAT(sink.rows, ElementsAre("0: 'a' 1 real", "1: 'b' '7' -"));
  EXPECT_THAT(sink.envelopes, ElementsAre("totalCount=2"));
  EXPECT_EQ(tally->rows, 2u);
  EXPECT_TRUE(tally->rows_found);
}

TEST(ReadRows, FindsTheArrayUnderEitherKeyInAnyCaseAndPlace) {
  for (const char* body : {R"({"Value":[{"name":"a"}],"@nextLink":null,"TotalCount":1})",
                           R"({"@nextLink":null,"TotalCount":1,"value":[{"name":"a"}]})",
                           R"({"@nextLink":null,"ITEMS":[{"name":"a"}],"TotalCount":1})"}) {
    Remembering sink;
    ASSERT_TRUE(read_rows(body, kShape, sink)) << body;
    EXPECT_THAT(sink.rows, ElementsAre("0: 'a' - -")) << body;
    EXPECT_THAT(sink.envelopes, ElementsAre("@nextLink=null", "TotalCount=1")) << body;
  }
}

TEST(ReadRows, SkipsNestedValuesWithAllTheyContain) {
  Remembering sink;
  const auto tally = read_rows(
      R"({"attributes":{"items":[{"name":"no"}]},
          "items":[{"attributes":{"name":"no","x":[1,{"count":2}]},"name":"a","count":{"count":3},
                    "percent":[[]]}],
          "links":[{"name":"no"}]})",
      kShape, sink);
  ASSERT_TRUE(tally) << tally.error().message;
  EXPECT_THAT(sink.rows, ElementsAre("0: 'a' an object an array"));
  EXPECT_THAT(sink.envelopes, ElementsAre("attributes=an object", "links=an array"));
  EXPECT_THAT(sink.unknown, ElementsAre("attributes=an object"));
}

TEST(ReadRows, TakesTheLastOfARepeatedFieldAndCountsIt) {
  Remembering sink;
  const auto tally = read_rows(
      R"({"items":[{"name":"first","Name":"last","count":1,"count":null},{"name":"next"}]})",
      kShape, sink);
  ASSERT_TRUE(tally);
  EXPECT_THAT(sink.rows, ElementsAre("0: 'last' null -", "1: 'next' - -"));
  EXPECT_EQ(tally->fields_repeated, 2u);
  EXPECT_THAT(sink.repeated, ElementsAre("name before 0", "count before 0"));
}

TEST(ReadRows, KeepsIgnoredFieldsToItself) {
  constexpr std::array<std::string_view, 2> kIgnored{"id", "note"};
  Remembering sink;
  const auto tally = read_rows(
      R"({"items":[{"ID":{"name":"no"},"name":"a","new":1},{"note":[1],"Note":2,"count":7}]})",
      {.row_keys = kRowKeys, .columns = kColumns, .ignored = kIgnored}, sink);
  ASSERT_TRUE(tally);
  EXPECT_THAT(sink.rows, ElementsAre("0: 'a' - -", "1: - 7 -"));
  EXPECT_THAT(sink.unknown, ElementsAre("new=a number"));
  EXPECT_EQ(tally->fields_repeated, 0u);
}

TEST(ReadRows, IsNotMisledByRowsWhoseKeysComeInAnotherOrder) {
  Remembering sink;
  const auto tally = read_rows(R"({"items":[{"name":"a","count":1,"x":0,"percent":0.5},
      {"count":2,"name":"b","percent":0.5,"x":0},{"x":0,"NAME":"c"},{},{"count":3},
      {"name":"d","count":4,"x":0,"percent":0.5}]})",
                               kShape, sink);
  ASSERT_TRUE(tally);
  EXPECT_THAT(sink.rows, ElementsAre("0: 'a' 1 real", "1: 'b' 2 real", "2: 'c' - -", "3: - - -",
                                     "4: - 3 -", "5: 'd' 4 real"));
  EXPECT_EQ(sink.unknown.size(), 4u);
}

TEST(ReadRows, ReportsElementsThatAreNoObjects) {
  Remembering sink;
  const auto tally =
      read_rows(R"({"items":[null,1,"x",[{"name":"no"}],{"name":"a"}]})", kShape, sink);
  ASSERT_TRUE(tally);
  EXPECT_THAT(sink.rows,
              ElementsAre("0: null", "1: a number", "2: text", "3: an array", "4: 'a' - -"));
  EXPECT_EQ(tally->rows, 5u);
}

TEST(ReadRows, TakesAMissingOrNullArrayForNoRows) {
  for (const char* body : {"{}", R"({"items":null})", R"({"totalCount":0})", "\xEF\xBB\xBF{}"}) {
    Remembering sink;
    const auto tally = read_rows(body, kShape, sink);
    ASSERT_TRUE(tally) << body;
    EXPECT_EQ(tally->rows, 0u);
    EXPECT_FALSE(tally->rows_found);
  }
  Remembering sink;
  const auto tally = read_rows(R"({"items":[]})", kShape, sink);
  ASSERT_TRUE(tally);
  EXPECT_EQ(tally->rows, 0u);
  EXPECT_TRUE(tally->rows_found);
}

struct BadRows {
  std::string name, body, complaint;
};
class ReadRowsRefuses : public testing::TestWithParam<BadRows> {};
TEST_P(ReadRowsRefuses, AndSaysWhatWasFound) {
  Remembering sink;
  const auto tally = read_rows(GetParam().body, kShape, sink);
  ASSERT_FALSE(tally);
  EXPECT_EQ(tally.error().kind, ErrorKind::kMalformed);
  EXPECT_THAT(tally.error().message, HasSubstr(GetParam().complaint));
}
INSTANTIATE_TEST_SUITE_P(
    Table, ReadRowsRefuses,
    testing::Values(
        BadRows{"array", "[{\"name\":\"a\"}]", "the body is an array, wanted an object at byte 1"},
        BadRows{"text", "\"items\"", "the body is text, wanted an object"},
        BadRows{"null", "null", "the body is null, wanted an object"},
        BadRows{"rows_in_an_object", R"({"items":{"name":"a"}})",
                "\"items\" is an object, wanted an array of rows at byte 10"},
        BadRows{"rows_are_a_number", R"({"items":3})", "\"items\" is a number"},
        BadRows{"rows_twice", R"({"items":[{}],"Value":[{}]})",
                "a second array of rows begins at byte 23"},
        BadRows{"cut_in_the_second_row", R"({"items":[{"name":"a"},{"name":"b")", "in row 1"},
        BadRows{"deep_in_a_row", R"({"items":[{"name":)" + std::string(30, '['),
                "32 levels at byte 48, in row 0"},
        BadRows{"trailing", R"({"items":[]} {})", "after the end"}),
    [](const auto& row) { return row.param.name; });

TEST(ReadRows, ReadsRowsOfAnyNumberOfKeys) {
  std::string body = R"({"items":[{"name":"a")";
  for (int i = 0; i < 200'000; ++i) body += ",\"k" + std::to_string(i) + "\":1";
  body += "}]}";
  class Counting final : public RowSink {
   public:
    void row(std::size_t, std::span<const JsonScalar> cells) override { name = shown(cells[0]); }
    void not_a_row(std::size_t, JsonKind) override {}
    void unknown_field(std::string_view, JsonKind) override { ++unknown; }
    std::string name;
    std::size_t unknown = 0;
  } sink;
  ASSERT_TRUE(read_rows(body, kShape, sink));
  EXPECT_EQ(sink.name, "'a'");
  EXPECT_EQ(sink.unknown, 200'000u);
}

}  // namespace
}  // namespace pce
