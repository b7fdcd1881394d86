#include "exporter/json/json_document.h"

#include <gmock/gmock.h>

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(JsonDocument, GivesAccessToEveryKind) {
  const auto document =
      parse_json(R"( {"text":"ä\n","n":3,"s":"3599","x":2.5,"yes":true,"none":null,
                                        "list":[1,"two",{}],"inner":{"a":{"b":"deep"}}} )");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->root().kind(), JsonKind::kObject);
  EXPECT_EQ(document->text_of("text"), "ä\n");
  EXPECT_EQ(document->find("n")->integer(), 3);
  EXPECT_EQ(document->find("s")->integer(), 3599);
  EXPECT_EQ(document->find("x")->real(), 2.5);
  EXPECT_EQ(document->find("x")->integer(), std::nullopt);
  EXPECT_EQ(document->find("yes")->boolean(), true);
  EXPECT_TRUE(document->find("none")->is_null());
  ASSERT_EQ(document->find("list")->items().size(), 3u);
  EXPECT_EQ(document->find("list")->items()[1].text(), "two");
  EXPECT_EQ(document->find("inner")->find("a")->text_of("b"), "deep");
  ASSERT_EQ(document->root().members().size(), 8u);
  EXPECT_EQ(document->root().members()[1].key, "n");
}

TEST(JsonDocument, AnswersQuestionsAboutTheWrongKindWithNothing) {
  const auto document = parse_json(R"({"n":3})");
  ASSERT_TRUE(document);
  const JsonValue& n = *document->find("n");
  EXPECT_EQ(n.text(), "");
  EXPECT_EQ(n.boolean(), std::nullopt);
  EXPECT_TRUE(n.items().empty());
  EXPECT_TRUE(n.members().empty());
  EXPECT_EQ(n.find("x"), nullptr);
  EXPECT_EQ(document->find("missing"), nullptr);
  EXPECT_EQ(document->text_of("missing"), "");
  EXPECT_EQ(document->text_of("n"), "");
}

TEST(JsonDocument, PrefersTheExactKeyAndElseIgnoresCase) {
  const auto document = parse_json(R"({"CODE":1,"code":2,"Code":3,"Error":"e"})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("code")->integer(), 2);
  EXPECT_EQ(document->find("cODE")->integer(), 3);
  EXPECT_EQ(document->text_of("error"), "e");
}

TEST(JsonDocument, TakesTheLastOfARepeatedKey) {
  const auto document = parse_json(R"({"a":1,"a":2})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("a")->integer(), 2);
  EXPECT_EQ(document->root().members().size(), 2u);
}

TEST(JsonDocument, ReadsNumbersOnlyWhereTheyFit) {
  const auto document =
      parse_json(R"([18446744073709551615, 9223372036854775807, 1e20, "NaN", "inf", -0.0, 1e308])");
  ASSERT_TRUE(document);
  const auto items = document->root().items();
  EXPECT_EQ(items[0].integer(), std::nullopt);
  EXPECT_EQ(items[1].integer(), 9223372036854775807);
  EXPECT_EQ(items[2].integer(), std::nullopt);
  EXPECT_EQ(items[3].real(), std::nullopt);
  EXPECT_EQ(items[4].real(), std::nullopt);
  EXPECT_EQ(items[5].integer(), 0);
  EXPECT_EQ(items[6].real(), 1e308);
}

TEST(JsonDocument, KeepsWhatWasFoundWhenItIsMoved) {
  auto document = parse_json(R"({"a":"short"})");
  ASSERT_TRUE(document);
  const std::string_view found = document->text_of("a");
  const JsonDocument moved = std::move(document).value();
  EXPECT_EQ(found, "short");
  EXPECT_EQ(moved.text_of("a").data(), found.data());
}

TEST(JsonDocument, AcceptsAnyKindAtTheTopAndOneByteOrderMark) {
  for (const char* body :
       {"null", "true", "1", "\"x\"", "[]", "{}", "\xEF\xBB\xBF{}", " \r\n\t{} \n"}) {
    const auto document = parse_json(body);
    EXPECT_TRUE(document) << body;
  }
}

struct BadBody {
  std::string name, body, complaint;
};
class ParseJsonRefuses : public testing::TestWithParam<BadBody> {};
TEST_P(ParseJsonRefuses, AndSaysWhereAndWhatKindOfThing) {
  const auto document = parse_json(GetParam().body);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().kind, ErrorKind::kMalformed);
  EXPECT_THAT(document.error().message, HasSubstr(GetParam().complaint));
}
INSTANTIATE_TEST_SUITE_P(
    Table, ParseJsonRefuses,
    testing::Values(BadBody{"empty", "", "empty"}, BadBody{"spaces", " \r\n\t ", "empty"},
                    BadBody{"mark_only", "\xEF\xBB\xBF", "empty"},
                    BadBody{"two_marks", "\xEF\xBB\xBF\xEF\xBB\xBF{}", "two byte order marks"},
                    BadBody{"mark_after_space", " \xEF\xBB\xBF{}", "outside ASCII at byte 2"},
                    BadBody{"cut_mark", "\xEF\xBB{}", "at byte 3 does not belong there"},
                    BadBody{"utf16_little", std::string("\xFF\xFE{\0}\0", 6), "NUL byte at byte 4"},
                    BadBody{"utf16_big", std::string("\xFE\xFF\0{\0}", 6), "NUL byte at byte 3"},
                    BadBody{"hidden_behind_nul", std::string("{}\0{}", 5), "NUL byte at byte 3"},
                    BadBody{"two_documents", "{}{}", "an opening bracket at byte 3 after the end"},
                    BadBody{"trailing_text", "{\"a\":1} x", "a letter at byte 9 after the end"},
                    BadBody{"mark_counts", "\xEF\xBB\xBF{} x", "a letter at byte 7 after the end"},
                    BadBody{"html", "<html>", "'<' (HTML or XML?) at byte 1"},
                    BadBody{"cut_in_string", "{\"a\":\"b", "the text ends at byte 7"},
                    BadBody{"cut_in_object", "{\"a\":1", "the text ends at byte 6"},
                    BadBody{"comment", "{} // x", "after the end"},
                    BadBody{"trailing_comma", "[1,]", "a closing bracket at byte 4"},
                    BadBody{"single_quotes", "{'a':1}", "punctuation at byte 2"},
                    BadBody{"nan", "[NaN]", "a letter at byte 2"},
                    BadBody{"infinity", "[-Infinity]", "a letter at byte 3"},
                    BadBody{"number_too_large", "[1e400]", "beyond what a double can hold"},
                    BadBody{"bad_utf8", "[\"\xC3(\"]", "JSON: "},
                    BadBody{"surrogate_alone", "[\"\\ud800\"]", "JSON: "},
                    BadBody{"control_in_string", "[\"a\nb\"]", "a control character at byte 4"}),
    [](const auto& row) { return row.param.name; });

TEST(ParseJson, NeverShowsThePartOfTheBodyItStumblesOver) {
  const std::string secret = "eyJ0eXAiOiJKV1QiMARKER";
  for (const std::string& body :
       {"{\"access_token\":\"" + secret + "\n\"}", "{\"access_token\":" + secret + "}",
        "{\"access_token\":\"" + secret, "{\"access_token\":\"x\"} \"" + secret + "\"",
        "{\"access_token\":\"" + secret + "\" \"b\"}", "{\"" + secret + "\" 1}"}) {
    const auto document = parse_json(body);
    ASSERT_FALSE(document) << body;
    EXPECT_THAT(document.error().message, Not(HasSubstr("MARKER")));
    EXPECT_THAT(document.error().message, Not(HasSubstr("eyJ0")));
  }
}

TEST(ParseJson, ReadsThirtyTwoLevelsAndRefusesTheNext) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_TRUE(parse_json(nested(32)));
  const auto document = parse_json(nested(33));
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr("deeper than 32 levels at byte 33"));
}

TEST(ParseJson, RefusesMillionsOfLevelsWithoutUsingTheStack) {
  for (const std::size_t levels : {1000u, 100'000u, 5'000'000u}) {
    EXPECT_FALSE(parse_json(std::string(levels, '[')));
    std::string objects;
    for (std::size_t i = 0; i < levels / 10; ++i) objects += "{\"a\":";
    EXPECT_FALSE(parse_json(objects));
  }
}

TEST(ParseJson, FindsTheTooDeepBracketBehindStringsFullOfBrackets) {
  const std::string body = R"({"a\"[[{":"{{]\\","b":)" + std::string(32, '[');
  const auto document = parse_json(body);
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr("at byte " + std::to_string(body.size())));
}

}  // namespace
}  // namespace pce
