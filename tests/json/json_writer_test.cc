#include "exporter/json/json_writer.h"

#include <limits>

#include "exporter/json/json_document.h"

namespace pce {
namespace {

std::string sample(JsonWriter::Style style) {
  JsonWriter json(style);
  json.begin_object().member("name", "a \"quoted\" \\ word").key("rows").begin_array();
  json.integer(-1).real(0.1).boolean(true).null().begin_object().end_object().end_array();
  json.key("none").begin_array().end_array().key("more").begin_object();
  return json.key("deep").text("x\ny").end_object().end_object().take();
}

TEST(JsonWriter, WritesOnOneLine) {
  EXPECT_EQ(sample(JsonWriter::Style::kCompact),
            R"({"name":"a \"quoted\" \\ word","rows":[-1,0.1,true,null,{}],"none":[],)"
            R"("more":{"deep":"x\ny"}})");
}

TEST(JsonWriter, WritesALineForEachMember) {
  EXPECT_EQ(sample(JsonWriter::Style::kLines),
            "{\n  \"name\": \"a \\\"quoted\\\" \\\\ word\",\n  \"rows\": [\n    -1,\n    0.1,\n"
            "    true,\n    null,\n    {}\n  ],\n  \"none\": [],\n  \"more\": {\n"
            "    \"deep\": \"x\\ny\"\n  }\n}\n");
}

TEST(JsonWriter, WritesTextsThatReadBackEqual) {
  std::string text = "ü\xF0\x9F\x98\x80";
  for (char c = 1; c < 127; ++c) text += c;
  const auto document =
      parse_json(JsonWriter().begin_object().member("t", text).end_object().take());
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->text_of("t"), text);
}

TEST(JsonWriter, HasNoWordForNumbersThatAreNone) {
  EXPECT_EQ(JsonWriter().real(std::numeric_limits<double>::infinity()).take(), "null");
  EXPECT_EQ(JsonWriter().real(std::numeric_limits<double>::quiet_NaN()).take(), "null");
}

}  // namespace
}  // namespace pce
