#include "exporter/settings/yaml_tree.h"

#include <ctime>

namespace pce {
namespace {

using Kind = YamlNode::Kind;

Result<YamlNode> read(std::string_view text) {
  auto read = read_yaml(text);
  if (auto* root = std::get_if<YamlNode>(&read)) return std::move(*root);
  return settings_error("f", {std::get<SettingMistake>(read)});
}

TEST(YamlTree, KeepsOrderTextQuotesAndPlaces) {
  const auto root = read("# comment\nb: 6h\na:\n  - \"7\"\n  - ~\n  - {x: ü, y: z}\nc:\n");
  ASSERT_TRUE(root) << root.error().message;
  ASSERT_EQ(root->kind, Kind::kMap);
  ASSERT_EQ(root->items.size(), 3U);
  const YamlNode& b = root->items[0];
  EXPECT_EQ(b.key, "b");
  EXPECT_EQ(b.text, "6h");
  EXPECT_FALSE(b.was_quoted);
  EXPECT_EQ(place_text("f", b.key_place), "f:2:1");
  EXPECT_EQ(place_text("f", b.place), "f:2:4");
  const auto& items = root->items[1].items;
  ASSERT_EQ(items.size(), 3U);
  EXPECT_TRUE(items[0].was_quoted);
  EXPECT_EQ(items[1].kind, Kind::kNothing);
  ASSERT_EQ(items[2].items.size(), 2U);
  EXPECT_EQ(items[2].items[0].text, "ü");
  EXPECT_EQ(place_text("f", items[2].items[1].key_place), "f:6:12");  // characters, not bytes
  EXPECT_EQ(root->items[2].kind, Kind::kNothing);
}

TEST(YamlTree, ReadsLineEndingsAndByteOrderMarkOfWindows) {
  const auto root = read(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 2\r\n");
  ASSERT_TRUE(root) << root.error().message;
  ASSERT_EQ(root->items.size(), 2U);
  EXPECT_EQ(root->items[0].key, "a");
  EXPECT_EQ(root->items[0].text, "1");
  EXPECT_EQ(place_text("f", root->items[1].key_place), "f:2:1");
}

TEST(YamlTree, IsNothingWithoutContent) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "~\n", "null"}) {
    const auto root = read(text);
    ASSERT_TRUE(root) << text;
    EXPECT_EQ(root->kind, Kind::kNothing) << text;
  }
}

struct Bad {
  std::string name;
  std::string text;
  std::string message;
};

TEST(YamlTree, RefusesWhatNobodyShouldGuessAt) {
  const std::vector<Bad> table{
      {.name = "second document",
       .text = "a: 1\n---\nb: 2\n",
       .message = "f:2:1: found the beginning of a second document"},
      {.name = "a key twice",
       .text = "a: 1\nb: 2\na: 3\n",
       .message = "f:3:1: a: found a second time, it already stands in line 1"},
      {.name = "a key twice, once in quotes",
       .text = "{a: 1, \"a\": 2}",
       .message = "f:1:8: a: found a second time"},
      {.name = "a list as a key", .text = "? [a]\n: b\n", .message = "as a key"},
      {.name = "anchor", .text = "a: &x 1\n", .message = "f:1:4: found an anchor"},
      {.name = "anchor of a map", .text = "a: &x {b: 1}\n", .message = "found an anchor"},
      {.name = "alias", .text = "a: *x\n", .message = "f:1:4: "},
      {.name = "tag", .text = "a: !!str 1\n", .message = "found a tag"},
      {.name = "tag of a list", .text = "a: !mine [1]\n", .message = "found a tag"},
      {.name = "tab as indentation", .text = "a:\n\tb: 1\n", .message = "f:2:"},
      {.name = "open bracket", .text = "a: [1, 2\n", .message = "not YAML: "},
      {.name = "open quote",
       .text = "a: \"b\n",
       .message = "f:1:4: not YAML: the quote that begins here never ends"},
      {.name = "open single quote",
       .text = "a: 1\nb: 'it''s\n",
       .message = "f:2:4: not YAML: the quote that begins here never ends"},
      {.name = "open quote with an escaped one",
       .text = "a: \"b\\\"\nc: 1\n",
       .message = "f:1:4: not YAML: the quote"},
      {.name = "text behind a quote", .text = "a: \"b\" c\n", .message = "f:1:"},
      {.name = "a bracket too many", .text = "a: [1]]\n", .message = "f:1:"},
      {.name = "text behind a map", .text = "{a: 1} b\n", .message = "f:1:"},
      {.name = "a list item among keys", .text = "a: 1\n- b\n", .message = "f:2:"},
      {.name = "a key below a value", .text = "a: 1\n  b: 2\n", .message = "f:"},
      {.name = "a key further left", .text = "  a: 1\nb: 2\n", .message = "f:2:"},
      {.name = "a comma missing", .text = "[\"a\" \"b\"]\n", .message = "f:1:"},
      {.name = "text behind the end", .text = "a: 1\n...\nb: 2\n", .message = "f:3:"},
      {.name = "end of transmission, which would end the text",
       .text = "a: 1\n\x04"
               "b: 2\n",
       .message = "f:2:1: found the control character 4"},
      {.name = "zero byte",
       .text = std::string("a: 1\0b", 6),
       .message = "f:1:5: found the control character 0"},
      {.name = "escape", .text = "a: \x1B[31m\n", .message = "control character 27"},
      {.name = "not UTF-8",
       .text = "b: 1\na: M\xFCnchen\n",
       .message = "f:2:5: found a byte that is not UTF-8"},
      {.name = "cut UTF-8",
       .text = "a: \xE2\x82",
       .message = "f:1:4: found a byte that is not UTF-8"},
      {.name = "UTF-16",
       .text = std::string("\xFF\xFE"
                           "a\0:\0",
                           6),
       .message = "UTF-16"},
      {.name = "as deep as a well",
       .text = std::string(100'000, '['),
       .message = "found too many levels"},
  };
  for (const Bad& row : table) {
    SCOPED_TRACE(row.name);
    const auto root = read(row.text);
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().kind, ErrorKind::kSettings);
    EXPECT_THAT(root.error().message, testing::HasSubstr(row.message));
    EXPECT_THAT(root.error().message, testing::Not(testing::HasSubstr("\n")));
  }
}

// Seconds of this thread alone: a busy machine does not count.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string filled(const std::string& kind, std::size_t size) {
  if (kind == "brackets") return std::string(size, '{');
  if (kind == "quotes") return std::string(size, '"');
  std::string text;
  for (int i = 0; text.size() < size; ++i) {
    text += kind == "keys" ? "k" + std::to_string(i) + ": 1\n" : std::string("- [a, {b: c}]\n");
  }
  return text;
}

// Work grows with the length of the text, not with its square: sixteen times the text takes sixteen
// times as long, where the square would take 256 times.
TEST(YamlTree, TakesTimeInProportionToTheText) {
  constexpr std::size_t kShort = 16UL * 1024;
  for (const char* kind : {"keys", "lists", "brackets", "quotes"}) {
    SCOPED_TRACE(kind);
    const auto seconds = [&](std::size_t size) {
      const std::string text = filled(kind, size);
      const double begin = cpu_seconds();
      EXPECT_EQ(read(text).has_value(), std::string(kind) == "lists");
      return cpu_seconds() - begin;
    };
    const double once = seconds(kShort);
    EXPECT_LT(seconds(16 * kShort), 64 * once + 0.2);
  }
}

}  // namespace
}  // namespace pce
