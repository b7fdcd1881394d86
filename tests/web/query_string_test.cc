#include "exporter/web/query_string.h"

namespace pce {
namespace {

std::string spelled(std::string_view query) {
  const auto parameters = parse_query(query);
  if (!parameters) return "refused";
  std::string text;
  for (const QueryParameter& parameter : *parameters)
    text += "[" + parameter.name + "=" + parameter.value + "]";
  return text;
}

TEST(QueryString, IsReadAsFormsWriteIt) {
  EXPECT_EQ(spelled(""), "");
  EXPECT_EQ(spelled("customer=Contoso"), "[customer=Contoso]");
  EXPECT_EQ(spelled("a=1&b=2&"), "[a=1][b=2]");
  EXPECT_EQ(spelled("a="), "[a=]");
  EXPECT_EQ(spelled("a=b=c"), "[a=b=c]");
  EXPECT_EQ(spelled("n=M%C3%BCller+%26+S%c3%b6hne"), "[n=Müller & Söhne]");
  EXPECT_EQ(spelled("n=1%2B1%3D2"), "[n=1+1=2]");
  EXPECT_EQ(spelled("n%61me=x"), "[name=x]");
  EXPECT_EQ(spelled("n=a?b"), "[n=a?b]");
  EXPECT_EQ(spelled("n=%00"), std::string("[n=\0]", 5)) << "bytes are data";
  EXPECT_EQ(spelled("n=Müller"), "[n=Müller]");
}

TEST(QueryString, IsRefusedWhereItCouldBeReadInTwoWays) {
  for (const char* query : {"customer", "=x", "&a=1", "a=1&&b=2", "a=1&b", "a=1&a=2", "a=1&%61=2",
                            "a=%", "a=%4", "a=%4x", "a=%x4", "a=%+1", "a=%%41", "%=1"}) {
    EXPECT_EQ(spelled(query), "refused") << query;
  }
}

TEST(QueryString, OfAnyParametersTakesWhatIsNotBroken) {
  const auto spelled_any = [](std::string_view query) -> std::string {
    const auto parameters = parse_any_query(query, 3);
    if (!parameters) return "refused";
    std::string text;
    for (const QueryParameter& parameter : *parameters)
      text += "[" + parameter.name + "=" + parameter.value + "]";
    return text;
  };
  EXPECT_EQ(spelled_any("a=1&a=2&b=%2B+"), "[a=1][a=2][b=+ ]");
  EXPECT_EQ(spelled_any("&a&&=x&"), "[a=][=x]");
  EXPECT_EQ(spelled_any("a[]=&b==="), "[a[]=][b===]");
  EXPECT_EQ(spelled_any("1&2&3&"), "[1=][2=][3=]");
  for (const char* query : {"1&2&3&4", "a=%", "%4=a", "a=%4x"})
    EXPECT_EQ(spelled_any(query), "refused") << query;
}

TEST(QueryString, IsNotRepeatedByARefusal) {
  for (const char* query : {"SECRET", "SECRET=1&SECRET=2", "SECRET=%SE"}) {
    const auto refused = parse_query(query);
    ASSERT_FALSE(refused) << query;
    EXPECT_EQ(refused.error().message.find("SE"), std::string::npos) << query;
  }
}

}  // namespace
}  // namespace pce
