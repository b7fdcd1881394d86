#include "exporter/web/html_writer.h"

namespace pce {
namespace {

std::string text(std::string_view foreign) {
  HtmlWriter out;
  return out.text(foreign).take();
}

TEST(HtmlWriter, ForeignTextIsText) {
  EXPECT_EQ(text("<a href=\"x\" title='y'>&amp;"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(text("Müller\n\t€"), "Müller\n\t€");
  EXPECT_EQ(text(std::string("a\0b\x1B[31m", 8)), "a b [31m");
  EXPECT_EQ(text("a\u202Eb\u2066c\u2013"), "a\uFFFDb\uFFFDc\u2013");
  EXPECT_EQ(text("\xE2"), "\xE2") << "a sequence cut off is not read beyond its end";
}

TEST(HtmlWriter, CutsBetweenCharacters) {
  HtmlWriter out;
  EXPECT_EQ(out.text("äöü<", 3).take(), "äöü…");
  EXPECT_EQ(HtmlWriter().text("äöü<", 4).take(), "äöü&lt;");
  EXPECT_EQ(HtmlWriter().text("", 4).take(), "");
}

TEST(HtmlWriter, GroupsDigits) {
  const auto grouped = [](std::int64_t number) { return HtmlWriter().grouped(number).take(); };
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(grouped(-1'234), "-1,234");
}

TEST(HtmlWriter, AddressesAreEscapedByteByByte) {
  EXPECT_EQ(HtmlWriter().query_value("a b&c=\"ä/~").take(), "a%20b%26c%3D%22%C3%A4%2F~");
}

}  // namespace
}  // namespace pce
