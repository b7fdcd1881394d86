#include "exporter/web/toolkit_values.h"

namespace pce {
namespace {

using namespace std::chrono_literals;

TEST(GoDuration, IsReadAsGoDoes) {
  const std::vector<std::pair<std::string, std::chrono::nanoseconds>> table{{"0", 0ns},
                                                                            {"0s", 0ns},
                                                                            {"1s", 1s},
                                                                            {"1.5s", 1500ms},
                                                                            {".5s", 500ms},
                                                                            {"5.s", 5s},
                                                                            {"+2m", 2min},
                                                                            {"1h2m3.5s", 3723500ms},
                                                                            {"100us", 100us},
                                                                            {"100\u00b5s", 100us},
                                                                            {"100\u03bcs", 100us},
                                                                            {"7ns", 7ns},
                                                                            {"1s1s", 2s},
                                                                            {"250ms", 250ms}};
  for (const auto& [text, wanted] : table) EXPECT_EQ(parse_go_duration(text), wanted) << text;
}

TEST(GoDuration, IsNothingElse) {
  for (const std::string text : {"", "+", "s", "1", "1.5", "1d", "-1s", "1 s", "1S", ".s", "1..5s",
                                 "1e3s", "999999999h", "1h 1m", "nan", "0x1s"}) {
    EXPECT_FALSE(parse_go_duration(text)) << text;
  }
}

}  // namespace
}  // namespace pce
