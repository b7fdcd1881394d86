#include "tests/simulator/filter.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simulator {
namespace {

constexpr std::array<std::string_view, 3> kNames{"serviceCode", "channel", "customerName"};

std::string_view sample(std::string_view field) {
  if (field == "serviceCode") return "o365";
  if (field == "channel") return "reseller";
  return "O'BRIEN & MÜLLER";
}

struct Case {
  std::string name, text;
  bool matches;
};
class FilterMatches : public testing::TestWithParam<Case> {};
TEST_P(FilterMatches, AsWritten) {
  const auto parsed = Filter::parse(GetParam().text, kNames);
  ASSERT_TRUE(std::holds_alternative<Filter>(parsed)) << std::get<std::string>(parsed);
  EXPECT_EQ(std::get<Filter>(parsed).matches(&sample), GetParam().matches);
}
INSTANTIATE_TEST_SUITE_P(
    , FilterMatches,
    testing::Values(
        Case{"Equal", "serviceCode eq 'o365'", true},
        Case{"CaseOfValue", "serviceCode eq 'O365'", true},
        Case{"CaseOfWords", "SERVICECODE EQ 'o365'", true},
        Case{"NotEqual", "serviceCode ne 'o365'", false},
        Case{"And", "serviceCode eq 'o365' and channel eq 'direct'", false},
        Case{"Or", "serviceCode eq 'crm' or channel eq 'Reseller'", true},
        Case{"AndBindsTighter", "channel eq 'reseller' or channel eq 'x' and channel eq 'y'", true},
        Case{"Parentheses", "(channel eq 'reseller' or channel eq 'x') and channel eq 'y'", false},
        Case{"Nested", "((serviceCode eq 'crm') or ((channel ne 'x')))", true},
        Case{"DoubledQuoteAndUmlaut", "customerName eq 'o''brien & müller'", true},
        Case{"NoSpaces", "(channel eq'reseller')and(serviceCode eq'o365')", true}),
    [](const auto& tested) { return tested.param.name; });

struct Demand {
  std::string name, text, value;
};
class FilterDemands : public testing::TestWithParam<Demand> {};
TEST_P(FilterDemands, OneValueOnlyWhereNoOtherWillDo) {
  const auto parsed = Filter::parse(GetParam().text, kNames);
  ASSERT_TRUE(std::holds_alternative<Filter>(parsed));
  EXPECT_EQ(std::get<Filter>(parsed).demanded("channel").value_or("any"), GetParam().value);
}
INSTANTIATE_TEST_SUITE_P(
    , FilterDemands,
    testing::Values(
        Demand{"Alone", "channel eq 'a'", "A"}, Demand{"OtherField", "serviceCode eq 'a'", "any"},
        Demand{"NotEqual", "channel ne 'a'", "any"},
        Demand{"And", "serviceCode eq 'x' and channel eq 'a'", "A"},
        Demand{"Or", "serviceCode eq 'x' or channel eq 'a'", "any"},
        Demand{"OrOfDifferent", "channel eq 'a' or channel eq 'b'", "any"},
        Demand{"OrOfTheSame", "channel eq 'a' and serviceCode eq 'x' or channel eq 'A'", "A"},
        Demand{"AndOfAnOr", "(channel eq 'a' or channel eq 'b') and channel eq 'c'", "C"}),
    [](const auto& tested) { return tested.param.name; });

struct BadCase {
  std::string name, text, complaint;
};
class FilterRefuses : public testing::TestWithParam<BadCase> {};
TEST_P(FilterRefuses, AndSaysWhere) {
  const auto parsed = Filter::parse(GetParam().text, kNames);
  ASSERT_TRUE(std::holds_alternative<std::string>(parsed));
  EXPECT_THAT(std::get<std::string>(parsed), testing::HasSubstr(GetParam().complaint));
}
INSTANTIATE_TEST_SUITE_P(
    , FilterRefuses,
    testing::Values(BadCase{"Field", "colour eq 'red'", "a field name at position 0"},
                    BadCase{"Operator", "channel gt 'a'", "'eq' or 'ne' at position 8"},
                    BadCase{"NoQuote", "channel eq reseller", "a value in single quotes"},
                    BadCase{"OpenQuote", "channel eq 'rese", "the closing quote"},
                    BadCase{"OpenParenthesis", "(channel eq 'a'", "')'"},
                    BadCase{"Rest", "channel eq 'a' channel", "the end"},
                    BadCase{"Nothing", "  ", "a field name"},
                    BadCase{"TooDeep", std::string(1000, '('), "fewer parentheses"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace simulator
