#include "exporter/exposition/text_encoder.h"

#include "exporter/exposition/numbers.h"

namespace pce {
namespace {

std::string head(const FamilyHead& family) {
  std::string text;
  text_encoder().append_head(text, family);
  return text;
}

TEST(TextEncoder, EscapesBackslashesAndLineFeedsInHelpButNoQuotes) {
  EXPECT_EQ(head({.name = "g", .help = "one\ntwo \\ \"three\"", .unit = "seconds"}),
            "# HELP g one\\ntwo \\\\ \"three\"\n# TYPE g gauge\n");
}

TEST(TextEncoder, CallsAFamilyAsItsSamples) {
  const FamilyHead counter{
      .name = "calls_total", .help = "", .unit = "", .kind = MetricKind::kCounter};
  EXPECT_EQ(text_encoder().family_name(counter), "calls_total");
  EXPECT_EQ(text_encoder().sample_name(counter), "calls_total");
  EXPECT_THAT(head(counter), testing::EndsWith("# TYPE calls_total counter\n"));
  EXPECT_THAT(head({.name = "x_info", .help = "", .unit = "", .kind = MetricKind::kInfo}),
              testing::EndsWith("# TYPE x_info gauge\n"));
  EXPECT_THAT(head({.name = "x", .help = "", .unit = "", .kind = MetricKind::kUntyped}),
              testing::EndsWith("# TYPE x untyped\n"));
}

TEST(TextEncoder, LeavesAMeasuredWholeNumberWhole) {
  char text[kNumberSizeMax];
  EXPECT_EQ(std::string(text, text_encoder().write_real(text, 80)), "80");
  EXPECT_EQ(text_encoder().end(), "");
}

}  // namespace
}  // namespace pce
