#include "exporter/commands/explain.h"

#include <cstdio>

#include "tests/support/scripted_transport.h"

namespace pce {
namespace {

using testing::HasSubstr;

constexpr const char* kShown = R"({
  "now": 1800000000,
  "customers": [
    {"partner": "contoso", "customer": "Tail\u001bspin \u202e& Söhne",
     "customer_id": "aaaaaaaa-0000-4000-8000-000000000001", "membership": "listed",
     "account": {"sentence": "Account contoso waits for a Retry-After, 5 minutes more."},
     "collectors": [
       {"collector": "customer_deployment", "cause": "over_series_budget", "sentence": "Left out.",
        "advice": "Raise limits.series.", "series": 0, "rows": 1},
       {"collector": "customer_usage", "cause": "shown", "sentence": "6 series.", "series": 6,
        "rows": 2}]},
    {"partner": "contoso", "customer": "Other", "customer_id": "b", "membership": "excluded",
     "sentence": "Left out by customers.exclude.", "advice": "Take it out.",
     "collectors": [{"collector": "customer_usage", "cause": "excluded", "series": 0, "rows": 0}]}],
  "more": 3
})";

constexpr const char* kNobody = R"({"error": "no", "nearest": ["Tailspin \"Toys\"", "Tailspan"],
  "accounts": [{"partner": "contoso", "sentence": "The customer list was read 2 hours ago."}]})";

class ExplainTest : public testing::Test {
 protected:
  ~ExplainTest() override {
    std::fclose(out_);
    std::fclose(complaints_);
  }
  int run(const std::string& customer = "Tailspin") {
    command_line_.command = CommandLine::Command::kExplain;
    command_line_.customer = customer;
    Terminal terminal(out_, out_);
    return explain(command_line_, transport_, terminal, complaints_);
  }
  static std::string text_of(std::FILE* file) {
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    return text;
  }
  std::string said() const { return text_of(out_); }
  std::string complained() const { return text_of(complaints_); }
  std::string url() const { return transport_.requests().at(0).url; }

  CommandLine command_line_;
  Result<HttpResponse> answer_ = HttpResponse{.status = 200, .headers = {}, .body = kShown};
  ScriptedTransport transport_{[this](const HttpRequest&) { return answer_; }};
  std::FILE* const out_ = std::tmpfile();
  std::FILE* const complaints_ = std::tmpfile();
};

TEST_F(ExplainTest, PrintsOneParagraphACollector) {
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(said(),
            "Tail spin  & Söhne (aaaaaaaa-0000-4000-8000-000000000001), account contoso\n"
            "  Account contoso waits for a Retry-After, 5 minutes more.\n"
            "\n"
            "  customer_deployment: over series budget\n"
            "    Left out.\n"
            "    Raise limits.series.\n"
            "\n"
            "  customer_usage: shown\n"
            "    6 series.\n"
            "\n"
            "Other (b), account contoso\n"
            "  Left out by customers.exclude.\n"
            "  Take it out.\n"
            "\n"
            "and 3 more that match; say more of the name.\n");
  EXPECT_EQ(complained(), "");
}

TEST_F(ExplainTest, PrintsTheAnswerItselfForScripts) {
  command_line_.output = CommandLine::Output::kJson;
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(said(), kShown);
}

TEST_F(ExplainTest, AsksTheExporterItIsTold) {
  run("Müller & Söhne+*");
  EXPECT_EQ(url(),
            "http://localhost:10365/api/v1/explain?customer=M%C3%BCller%20%26%20S%C3%B6hne%2B%2A");
  EXPECT_TRUE(transport_.requests().at(0).bearer.empty());
}

TEST_F(ExplainTest, AsksForOneAccountWhereOneIsMeant) {
  command_line_.exporter_url = "http://[::1]:1/sub";
  command_line_.account = "a&b";
  run("x");
  EXPECT_EQ(url(), "http://[::1]:1/sub/api/v1/explain?customer=x&partner=a%26b");
}

TEST_F(ExplainTest, NamesThoseWhoMayHaveBeenMeant) {
  answer_ = HttpResponse{.status = 404, .headers = {}, .body = kNobody};
  EXPECT_EQ(run("Tailspn\x1B"), 1);
  EXPECT_EQ(said(),
            "No customer is called \"Tailspn \".\n"
            "Did you mean \"Tailspin \\\"Toys\\\"\", \"Tailspan\"?\n"
            "Account contoso: The customer list was read 2 hours ago.\n");
}

TEST_F(ExplainTest, SaysThatThereIsNoSuchAccount) {
  answer_ = HttpResponse{
      .status = 404, .headers = {}, .body = R"({"error": "no", "nearest": [], "accounts": []})"};
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(said(), "The exporter has no account of this name.\n");
}

TEST_F(ExplainTest, SaysWhenTheExporterCannotBeAsked) {
  answer_ = Error{.kind = ErrorKind::kConnect, .message = "localhost:10365: connection refused"};
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(said(), "");
  EXPECT_EQ(
      complained(),
      "partner_center_exporter: the exporter at \"http://localhost:10365\" cannot be asked: "
      "localhost:10365: connection refused; is it running? --exporter.url says where it is\n");
}

TEST_F(ExplainTest, TellsWhatIsNoExporter) {
  for (const auto& [status, body] :
       {std::pair(404, "There is nothing here."), std::pair(200, "<html>"), std::pair(200, "{}"),
        std::pair(404, R"({"error": "x"})"), std::pair(500, R"({"customers": []})"),
        std::pair(302, "")}) {
    answer_ = HttpResponse{.status = status, .headers = {}, .body = body};
    EXPECT_EQ(run(), 1) << status << body;
    EXPECT_EQ(said(), "") << status << body;
  }
  EXPECT_THAT(complained(), HasSubstr("(HTTP 404) is no exporter that can explain"));
}

TEST_F(ExplainTest, PassesOnWhyAQuestionIsRefused) {
  answer_ =
      HttpResponse{.status = 400, .headers = {}, .body = R"({"error": "At most 512\u001b."})"};
  EXPECT_EQ(run(), 2);
  EXPECT_EQ(complained(), "partner_center_exporter: At most 512 .\n");
}

}  // namespace
}  // namespace pce
