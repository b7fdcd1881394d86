// What a running poller can be asked about its customers.
#include "exporter/polling/explainer.h"

#include <map>
#include <thread>

#include "tests/polling/account_poller_fixture.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

class ExplainerTest : public AccountPollerTest {
 protected:
  const Explainer& explainer() {
    if (!explainer_) {
      explainer_ = std::make_unique<Explainer>(
          Explainer::Parts{.poller = poller(),
                           .store = store_,
                           .clock = clock_,
                           .paused_for = [this] { return governor_.paused_for(); },
                           .token_trouble = [] { return std::optional<std::string>(); }});
    }
    return *explainer_;
  }
  CustomerAnswer ask(const std::string& customer, const std::string& partner = {}) {
    const Explainer* const one = &explainer();
    return explain_customer({.customer = customer, .partner = partner}, {&one, 1});
  }
  // The names of those who were found.
  std::vector<std::string> names(const std::string& customer) {
    std::vector<std::string> names;
    for (const Explanation& found : ask(customer).found)
      names.push_back(found.customer.name.plain());
    return names;
  }
  Verdict verdict(const std::string& customer) {
    const CustomerAnswer answer = ask(customer);
    EXPECT_EQ(answer.found.size(), 1U) << customer;
    if (answer.found.size() != 1) return {};
    for (const Verdict& verdict : answer.found[0].verdicts) {
      if (verdict.collector == kDeployment) return verdict;
    }
    return {};
  }
  std::string cause(const std::string& customer) { return name_of(verdict(customer).cause); }

  std::unique_ptr<Explainer> explainer_;
};

TEST_F(ExplainerTest, TellsWhatIsShown) {
  first_round();
  EXPECT_EQ(cause(kA), "shown");
  EXPECT_EQ(verdict(kA).series, 3U);
  EXPECT_EQ(verdict(kA).rows, 1U);
  EXPECT_EQ(verdict(kA).source, Source::kClassic);
  const CustomerAnswer answer = ask(kA);
  EXPECT_EQ(answer.found[0].verdicts.size(), 2U);
  EXPECT_STREQ(name_of(answer.found[0].verdicts[1].cause), "not_configured");
}

TEST_F(ExplainerTest, KnowsNobodyBeforeTheFirstList) {
  const CustomerAnswer answer = ask(kA);
  EXPECT_THAT(answer.found, IsEmpty());
  ASSERT_EQ(answer.accounts.size(), 1U);
  EXPECT_FALSE(answer.accounts[0].list.believed);
}

TEST_F(ExplainerTest, TellsAFailureItsCorrelationIdAndTheNextTry) {
  service_.answer(deployment_path(kB), 403, R"({"code":"900150","description":"no right"})");
  first_round();
  const Verdict failed = verdict(kB);
  EXPECT_EQ(failed.cause, Cause::kFailing);
  ASSERT_TRUE(failed.trouble && failed.trouble->error);
  EXPECT_EQ(failed.trouble->error->kind, ErrorKind::kForbidden);
  EXPECT_FALSE(failed.trouble->error->correlation_id.empty());
  ASSERT_TRUE(failed.trouble->next_try);
  EXPECT_GT(*failed.trouble->next_try, clock_.wall());
  EXPECT_LE(*failed.trouble->next_try, clock_.wall() + minutes(1));
  EXPECT_EQ(cause(kA), "shown");
  service_.answers.clear();
  run_for(minutes(2));
  EXPECT_EQ(cause(kB), "shown");
}

TEST_F(ExplainerTest, TellsWhatGrewTooOldWhileItFailed) {
  first_round();
  service_.answer(deployment_path(kB), 403, R"({"code":"900150","description":"no right"})");
  run_for(hours(60));
  EXPECT_EQ(cause(kB), "failing");
  EXPECT_EQ(verdict(kB).series, 0U);
  ASSERT_TRUE(verdict(kB).read) << "when the rows were read that are gone now";
  EXPECT_GT(clock_.wall() - *verdict(kB).read, hours(48));
}

TEST_F(ExplainerTest, TellsWhoIsNotOurs) {
  first_round();
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(7));
  EXPECT_EQ(cause(kB), "not_ours");
  EXPECT_EQ(verdict(kB).series, 3U);
  run_for(hours(36));
  EXPECT_EQ(cause(kB), "not_ours");
  EXPECT_EQ(verdict(kB).series, 0U);
}

TEST_F(ExplainerTest, TellsWhoIsLeavingAndWhoLeft) {
  first_round();
  service_.listed = {kA};
  a_whole_interval();
  EXPECT_EQ(cause(kB), "leaving");
  EXPECT_EQ(verdict(kB).series, 3U);
  run_for(hours(12));
  EXPECT_EQ(cause(kB), "left");
  service_.listed = {kA, kB};
  run_for(hours(12));
  EXPECT_EQ(cause(kB), "shown");
}

TEST_F(ExplainerTest, TellsWhoLeftBetweenTwoLists) {
  first_round();
  service_.listed = {kA};
  service_.answer(deployment_path(kB), 403, R"({"code":20002,"description":"no relationship"})");
  run_for(hours(6) + minutes(2));
  EXPECT_EQ(sold(kB), std::nullopt);
  EXPECT_EQ(cause(kB), "left");
}

TEST_F(ExplainerTest, TellsWhatIsNotBelieved) {
  first_round();
  service_.answer(deployment_path(kB), 200, kNoRows);
  run_for(hours(7));
  EXPECT_EQ(cause(kB), "suspect");
  EXPECT_EQ(verdict(kB).trouble->rows_before, 1U);
  EXPECT_EQ(verdict(kB).trouble->rows, 0U);
  run_for(hours(48));
  EXPECT_EQ(cause(kB), "no_data");
}

TEST_F(ExplainerTest, TellsWhoHasNoData) {
  service_.answer(deployment_path(kB), 200, kNoRows);
  first_round();
  EXPECT_EQ(cause(kB), "no_data");
  EXPECT_TRUE(verdict(kB).read);
}

// Asked while the first customer's call is under way.
TEST_F(ExplainerTest, TellsWhoWasNotReadYet) {
  std::string seen;
  service_.answers[deployment_path(kA)] = [&] {
    seen = cause(kB);
    return HttpResponse{.status = 200, .headers = {}, .body = kNoRows};
  };
  first_round();
  EXPECT_EQ(seen, "never_read");
}

class FilteredExplainerTest : public ExplainerTest {
 protected:
  CustomerFilter filter() const override {
    return CustomerFilter({CustomerPattern("customer*", 7)}, {CustomerPattern("customer b", 12)});
  }
};

TEST_F(FilteredExplainerTest, TellsByWhichEntrySomebodyIsLeftOut) {
  service_.names[kA] = "Woodgrove";
  first_round();
  EXPECT_EQ(cause(kB), "excluded");
  EXPECT_EQ(ask(kB).found[0].pattern, CustomerPattern("customer b", 12));
  EXPECT_EQ(cause(kA), "not_included");
  EXPECT_EQ(ask(kA).found[0].include_line, 7);
}

class CommercialExplainerTest : public ExplainerTest {
 protected:
  SourceRules source() const override { return {.fixed = Source::kCommercial}; }
};

TEST_F(CommercialExplainerTest, TellsWhoHasNoDataInABulkReport) {
  service_.sold.erase(kB);
  first_round();
  EXPECT_EQ(cause(kB), "no_data");
  EXPECT_EQ(verdict(kB).source, Source::kCommercial);
  EXPECT_TRUE(verdict(kB).read);
  EXPECT_EQ(cause(kA), "shown");
}

TEST_F(CommercialExplainerTest, TellsThatTheBulkReportFails) {
  service_.answer(ScriptedPartnerCenter::kBulkPath, 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_EQ(cause(kA), "failing");
  EXPECT_EQ(cause(kB), "failing");
}

TEST_F(CommercialExplainerTest, TellsWhoseRowsABulkReportSuddenlyLacks) {
  first_round();
  service_.sold.erase(kB);
  run_for(hours(7));
  EXPECT_EQ(cause(kB), "suspect");
  EXPECT_EQ(cause(kA), "shown");
}

// Rows are shown under their own names until there is a list.
TEST_F(CommercialExplainerTest, FindsWhomNoListNamesYet) {
  service_.answer("/v1/customers", 403, R"({"code":"2032","description":"no"})");
  first_round();
  EXPECT_EQ(cause(kA), "shown");
  EXPECT_EQ(ask(kA).found[0].customer.membership, Membership::kUnlisted);
  EXPECT_TRUE(ask(kA).found[0].account.list.trouble);
}

class AutoExplainerTest : public ExplainerTest {
 protected:
  SourceRules source() const override { return {}; }
};

TEST_F(AutoExplainerTest, MindsNoTroubleOfASourceThatIsNotInUse) {
  service_.commercial = false;
  first_round();
  EXPECT_EQ(cause(kA), "shown");
  EXPECT_EQ(verdict(kA).source, Source::kClassic);
}

TEST_F(ExplainerTest, FindsByIdThenByNameThenByPattern) {
  service_.names = {{kA, "Contoso \\\"Ltd\\\""}, {kB, kA}};
  first_round();
  EXPECT_THAT(names(kA), ElementsAre("Contoso \"Ltd\"")) << "an id before a name";
  EXPECT_THAT(names("AAAAAAAA-0000-4000-8000-000000000001"), ElementsAre("Contoso \"Ltd\""));
  EXPECT_THAT(names("contoso \"LTD\""), ElementsAre("Contoso \"Ltd\""));
  EXPECT_THAT(names("*ltd*"), ElementsAre("Contoso \"Ltd\""));
  EXPECT_THAT(names("*-0000-*"), ElementsAre("Contoso \"Ltd\"", kA));
  EXPECT_THAT(names("Contoso"), IsEmpty());
}

TEST_F(ExplainerTest, FindsEachOfTwoCustomersOfOneName) {
  service_.names = {{kA, "Twin"}, {kB, "Twin"}};
  first_round();
  EXPECT_THAT(names("twin"), ElementsAre("Twin", "Twin"));
}

TEST_F(ExplainerTest, NamesThoseSomebodyMayHaveMeant) {
  service_.names = {{kA, "Müller \\\"&\\\" Söhne"}, {kB, "Woodgrove"}};
  first_round();
  EXPECT_THAT(ask("Woodgrve").nearest, ElementsAre("Woodgrove"));
  EXPECT_THAT(ask("Müller").nearest, ElementsAre("Müller \"&\" Söhne"));
  EXPECT_THAT(ask("Adatum").nearest, IsEmpty());
  EXPECT_EQ(ask("Adatum").accounts.size(), 1U);
  EXPECT_THAT(ask(kA, "fabrikam").accounts, IsEmpty()) << "there is no such account";
  EXPECT_EQ(ask(kA, "contoso").found.size(), 1U);
}

TEST_F(ExplainerTest, ExplainsTheFirstOfManyAndCountsTheRest) {
  service_.listed.clear();
  for (int i = 0; i < 50; ++i) {
    std::string id = kA;
    id.replace(id.size() - 2, 2, std::to_string(10 + i));
    service_.listed.push_back(id);
  }
  first_round();
  const CustomerAnswer answer = ask("*");
  EXPECT_EQ(answer.found.size(), kExplainedMax);
  EXPECT_EQ(answer.more, 50 - kExplainedMax);
  EXPECT_LT(answer.found[0].customer.id, answer.found[1].customer.id);
}

// Under ThreadSanitizer this is the test that counts.
TEST_F(ExplainerTest, IsAskedFromOtherThreadsWhileThePollerWorks) {
  service_.answer(deployment_path(kB), 403, R"({"code":"900150","description":"no right"})");
  const Explainer* const one = &explainer();
  std::atomic<bool> done = false;
  std::jthread asker([&] {
    while (!done) explain_customer({.customer = "*"}, {&one, 1});
  });
  run_for(hours(60));
  done = true;
  asker.join();
  EXPECT_EQ(cause(kB), "failing");
}

}  // namespace
}  // namespace pce
