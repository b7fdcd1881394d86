#include "exporter/exposition/negotiation.h"

namespace pce {
namespace {

constexpr const char* kText = "text/plain; version=0.0.4; charset=utf-8; escaping=";
constexpr const char* kOpenMetrics =
    "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=";

struct Accept {
  std::string name, header, answer, escaping = "underscores";
};
void PrintTo(const Accept& a, std::ostream* out) { *out << a.name; }

class Negotiation : public testing::TestWithParam<Accept> {};

TEST_P(Negotiation, AnswersWhatIsAskedForMost) {
  const auto [name, header, answer, escaping] = GetParam();
  const Negotiated found = negotiated(header);
  EXPECT_EQ(found.content_type, answer + escaping);
  EXPECT_TRUE(found.content_type.starts_with(std::string(found.format->type)));
}

constexpr const char* kPrometheus3 =
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
    "*/*;q=0.2";
constexpr const char* kProtobuf =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

INSTANTIATE_TEST_SUITE_P(
    Headers, Negotiation,
    testing::Values(
        Accept{"none", "", kText}, Accept{"anything", "*/*", kText},
        Accept{"any text", "text/*", kText}, Accept{"bare text", "text/plain", kText},
        Accept{"JSON only", "application/json", kText}, Accept{"rubbish", ";;;", kText},
        Accept{"browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", kText},
        Accept{"Prometheus 3", kPrometheus3, kOpenMetrics, "allow-utf-8"},
        Accept{"protobuf first",
               std::string(kProtobuf) +
                   ";q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                   "application/openmetrics-text;version=0.0.1;q=0.4,"
                   "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                   "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
               kOpenMetrics, "allow-utf-8"},
        Accept{"text liked more",
               "text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.1",
               kText},
        Accept{"old Prometheus 2",
               "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,"
               "*/*;q=0.1",
               kText},
        Accept{"late Prometheus 2",
               "application/openmetrics-text;version=1.0.0,"
               "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,"
               "*/*;q=0.1",
               kOpenMetrics},
        Accept{"text 1.0.0 first",
               "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3",
               kText, "allow-utf-8"},
        Accept{"refused OpenMetrics", "application/openmetrics-text;version=1.0.0;q=0", kText},
        Accept{"OpenMetrics 2 first",
               "application/openmetrics-text;version=2.0.0,"
               "application/openmetrics-text;version=1.0.0;q=0.9",
               kOpenMetrics},
        Accept{"quoted version", "application/openmetrics-text;version=\"1.0.0\"", kOpenMetrics},
        Accept{"dots", "text/plain;version=0.0.4;escaping=dots", kText, "dots"},
        Accept{"unknown scheme", "text/plain;version=0.0.4;escaping=bogus", kText},
        Accept{"protobuf only", kProtobuf, kText}));

INSTANTIATE_TEST_SUITE_P(
    More, Negotiation,
    testing::Values(
        Accept{"bare OpenMetrics", "application/openmetrics-text", kOpenMetrics},
        Accept{"capitals", "APPLICATION/OpenMetrics-Text; Version=1.0.0; Q=1", kOpenMetrics},
        Accept{"scheme behind the match",
               "text/plain;version=0.0.4;q=0.9,text/plain;version=1.0.0;escaping=dots;q=0.1",
               kText},
        Accept{"an exact type comes before a wildcard of the same quality",
               "*/*,application/openmetrics-text;version=1.0.0", kOpenMetrics},
        Accept{"a half wildcard comes before a whole one", "*/*,application/*;version=1.0.0",
               kOpenMetrics},
        Accept{"quality decides before exactness",
               "*/*;q=0.9,application/openmetrics-text;version=1.0.0;q=0.8", kText},
        Accept{"no number is no quality", "application/openmetrics-text;q=high,text/plain;q=0.1",
               kText},
        Accept{"several headers, one unreadable", "x, , application/openmetrics-text",
               kOpenMetrics},
        Accept{"comma in quotes", "text/plain;x=\"a,application/openmetrics-text\"", kText}));

struct Encoding {
  std::string name, header;
  bool gzip;
};
void PrintTo(const Encoding& e, std::ostream* out) { *out << e.name; }

class PrefersGzip : public testing::TestWithParam<Encoding> {};

TEST_P(PrefersGzip, OnlyWhenAskedForIt) {
  EXPECT_EQ(prefers_gzip(GetParam().header), GetParam().gzip);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, PrefersGzip,
    testing::Values(Encoding{"none", "", false}, Encoding{"gzip", "gzip", true},
                    Encoding{"identity", "identity", false}, Encoding{"refused", "gzip;q=0", false},
                    Encoding{"refused with decimals", "gzip;q=0.000", false},
                    Encoding{"second choice", "deflate, gzip;q=0.5", true},
                    Encoding{"brotli", "br", false}, Encoding{"star", "*", false},
                    Encoding{"zstd", "zstd", false}, Encoding{"substring", "x-gzip", false},
                    Encoding{"capitals", "GZIP", true}, Encoding{"bad quality", "gzip;q=x", false},
                    Encoding{"spaces", " gzip ; q=1.0 ", true},
                    Encoding{"both alike", "identity, gzip", true},
                    Encoding{"plain liked more", "gzip;q=0.5, identity", false},
                    Encoding{"plain liked less", "gzip, identity;q=0.5", true},
                    Encoding{"refused, the star is no way around", "gzip;q=0, *", false},
                    Encoding{"anything but plain", "*, identity;q=0", true},
                    Encoding{"nothing at all", "*;q=0", false},
                    Encoding{"gzip and nothing else", "gzip, *;q=0", true},
                    Encoding{"twice, once refused", "gzip;q=0, gzip;q=0.1", true}));

}  // namespace
}  // namespace pce
