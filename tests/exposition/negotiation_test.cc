#include "exporter/exposition/negotiation.h"

namespace pce {
namespace {

struct Accept {
  std::string name, header, escaping;
};
void PrintTo(const Accept& a, std::ostream* out) { *out << a.name; }

class Negotiation : public testing::TestWithParam<Accept> {};

TEST_P(Negotiation, AnswersTextAndRepeatsTheEscapingScheme) {
  EXPECT_EQ(negotiated_content_type(GetParam().header),
            "text/plain; version=0.0.4; charset=utf-8; escaping=" + GetParam().escaping);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, Negotiation,
    testing::Values(
        Accept{"none", "", "underscores"}, Accept{"anything", "*/*", "underscores"},
        Accept{"any text", "text/*", "underscores"},
        Accept{"bare text", "text/plain", "underscores"},
        Accept{"JSON only", "application/json", "underscores"},
        Accept{"rubbish", ";;;", "underscores"},
        Accept{"browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
               "underscores"},
        Accept{"Prometheus 3",
               "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/"
               "openmetrics-text;version=0.0.1;q=0.5,text/"
               "plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/"
               "plain;version=0.0.4;q=0.3,*/*;q=0.2",
               "allow-utf-8"},
        Accept{"text 1.0.0 first",
               "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3",
               "allow-utf-8"},
        Accept{"refused OpenMetrics", "application/openmetrics-text;version=1.0.0;q=0",
               "underscores"},
        Accept{"dots", "text/plain;version=0.0.4;escaping=dots", "dots"},
        Accept{"unknown scheme", "text/plain;version=0.0.4;escaping=bogus", "underscores"},
        Accept{"scheme behind the match",
               "text/plain;version=0.0.4;q=0.9,text/plain;version=1.0.0;escaping=dots;q=0.1",
               "underscores"}));

struct Encoding {
  std::string name, header;
  bool gzip;
};
void PrintTo(const Encoding& e, std::ostream* out) { *out << e.name; }

class AcceptsGzip : public testing::TestWithParam<Encoding> {};

TEST_P(AcceptsGzip, OnlyWhenAskedForIt) {
  EXPECT_EQ(accepts_gzip(GetParam().header), GetParam().gzip);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, AcceptsGzip,
    testing::Values(Encoding{"none", "", false}, Encoding{"gzip", "gzip", true},
                    Encoding{"identity", "identity", false}, Encoding{"refused", "gzip;q=0", false},
                    Encoding{"refused with decimals", "gzip;q=0.000", false},
                    Encoding{"second choice", "deflate, gzip;q=0.5", true},
                    Encoding{"brotli", "br", false}, Encoding{"star", "*", false},
                    Encoding{"zstd", "zstd", false}, Encoding{"substring", "x-gzip", false},
                    Encoding{"capitals", "GZIP", true}, Encoding{"bad quality", "gzip;q=x", false},
                    Encoding{"spaces", " gzip ; q=1.0 ", true}));

}  // namespace
}  // namespace pce
