#include "exporter/base/foreign_text.h"

namespace pce {
namespace {

TEST(ForeignLine, IsTheFirstLineWithoutControlCharacters) {
  EXPECT_EQ(foreign_line("\r\n one\ttwo \x1b[31m\r\nTrace ID: 5"), "one two  [31m");
  EXPECT_EQ(foreign_line(""), "");
  EXPECT_EQ(foreign_line(" \n "), "");
}

TEST(ForeignLine, DropsWhatLooksLikeAToken) {
  EXPECT_EQ(foreign_line("token " + std::string(49, 'e') + " refused"), "token […] refused");
  EXPECT_EQ(foreign_line(std::string(48, 'e')), std::string(48, 'e'));
}

TEST(ForeignLine, IsCutBetweenCharacters) {
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += i % 10 == 0 ? " " : "ä";
  const std::string line = foreign_line(umlauts);
  EXPECT_LE(line.size(), 210U);
  EXPECT_TRUE(line.ends_with("…"));
  EXPECT_NE(line.substr(line.size() - 5, 2).find("\xA4"), 0U);
}

TEST(ForeignHost, IsWhatAnAddressNames) {
  EXPECT_EQ(foreign_host("https://login.example:8443/a?b=https://other.example"),
            "login.example:8443");
  EXPECT_EQ(foreign_host("https://login.example"), "login.example");
  EXPECT_EQ(foreign_host("/relative"), "");
  EXPECT_EQ(foreign_host(""), "");
}

TEST(ForeignWords, StayAsTheyAreWithoutControlCharacters) {
  EXPECT_EQ(foreign_words("https://api.partnercenter.microsoft.com/user_impersonation x", 100),
            "https://api.partnercenter.microsoft.com/user_impersonation x");
  EXPECT_EQ(foreign_words("a\r\nb\x1B[2J\x7F", 100), "a  b [2J ");
  EXPECT_EQ(foreign_words("aää", 4), "aä");
  EXPECT_EQ(foreign_words("aää", 5), "aää");
  EXPECT_EQ(foreign_words("", 5), "");
}

TEST(Mentions, FindsTheBeginningOfASecret) {
  EXPECT_TRUE(mentions("got abcdefghijkl.", Secret("abcdefghijklmnop")));
  EXPECT_FALSE(mentions("got abcdefghijk.", Secret("abcdefghijklmnop")));
  EXPECT_TRUE(mentions("x secret1 x", Secret("secret1")));
  EXPECT_FALSE(mentions("anything", Secret()));
  EXPECT_FALSE(mentions("a 200", Secret("200")));
}

}  // namespace
}  // namespace pce
