// One row for each cause, and for what one cause wins against another.
#include "exporter/polling/explanation.h"

#include <functional>
#include <set>

#include "exporter/insights/catalog.h"
#include "exporter/polling/explanation_text.h"
#include "tests/support/slices.h"

namespace pce {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

const DataSet& kDeployment = *find_data_set("customer_deployment");
constexpr WallTime kNow{std::chrono::seconds(1'800'000'000)};

// A customer of whom all is well, and what a row makes of it.
struct Case {
  LabelPool labels;
  AccountState account{.partner = "contoso",
                       .now = kNow,
                       .stale_after = hours(48),
                       .paused_for = {},
                       .token_trouble = std::nullopt,
                       .list = {.believed = kNow - hours(1), .trouble = {}}};
  KnownCustomer customer{.id = labels.intern("aaaaaaaa-0000-4000-8000-000000000001"),
                         .name = labels.intern("Contoso"),
                         .membership = Membership::kListed,
                         .since = kNow - hours(100)};
  CollectorState collector{.data_set = &kDeployment, .whole = {.source = Source::kClassic}};
  std::shared_ptr<const Slice> slice;

  Case() {
    Record record = record_of(labels, {"r", "P", "o365"}, {Number::whole(7), Number::whole(3)});
    show({record});
  }
  void show(std::vector<Record> records) {
    Slice next{.key = {&kDeployment, std::string(customer.id.escaped()), "contoso"},
               .partner = {},
               .records = std::move(records),
               .processed = {{labels.intern("o365"), kNow - hours(72)},
                             {labels.intern("crm"), kNow - hours(24)}},
               .fetched = kNow - hours(3)};
    slice = std::make_shared<const Slice>(std::move(next));
    collector.known = collector.shown = slice.get();
  }
  void show_nothing() { collector.known = collector.shown = nullptr; }
  Trouble trouble(Trouble::Kind kind, ErrorKind error = ErrorKind::kUpstream) {
    return {.kind = kind,
            .since = kNow - minutes(30),
            .latest = kNow - minutes(2),
            .rows_before = 12,
            .rows = 1,
            .next_try = kNow + minutes(4),
            .error = std::make_shared<const Error>(with_next_step(
                {.kind = error, .message = "it broke", .correlation_id = "c0ffee"}, "mend it"))};
  }
  Verdict verdict() const { return verdict_of(account, customer, collector); }
  Words words() const {
    const Explanation explanation{.account = account,
                                  .customer = customer,
                                  .pattern = CustomerPattern("cont*", 14),
                                  .include_line = 9,
                                  .verdicts = {}};
    const Words words = words_about(verdict(), explanation);
    return words.sentence.empty() ? words_about_customer(explanation) : words;
  }
};

struct Row {
  const char* name;
  std::function<void(Case&)> arrange;
  Cause cause;
  const char* sentence;
  const char* advice = "";
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class CauseOf : public testing::TestWithParam<Row> {};

TEST_P(CauseOf, IsToldInWords) {
  Case c;
  GetParam().arrange(c);
  EXPECT_STREQ(name_of(c.verdict().cause), name_of(GetParam().cause));
  EXPECT_EQ(c.words().sentence, GetParam().sentence);
  EXPECT_EQ(c.words().advice, GetParam().advice);
}

constexpr const char* kTicket =
    "What to do: mend it. Next try in 4 minutes. For a ticket with Microsoft: correlation id "
    "c0ffee.";

INSTANTIATE_TEST_SUITE_P(
    Each, CauseOf,
    testing::Values(
        Row{"shown", [](Case&) {}, Cause::kShown,
            "2 series from 1 row (classic source), read 3 hours ago; Partner Center's own figures "
            "are 3 days old."},
        Row{"shown though the account waits",
            [](Case& c) {
              c.account.paused_for = minutes(5);
              c.account.token_trouble = "sign in";
            },
            Cause::kShown,
            "2 series from 1 row (classic source), read 3 hours ago; Partner Center's own figures "
            "are 3 days old."},
        Row{"excluded", [](Case& c) { c.customer.membership = Membership::kExcluded; },
            Cause::kExcluded,
            "Left out by customers.exclude: \"cont*\" in line 14 of the configuration fits.",
            "To show it, take that entry out or make it narrower, and restart."},
        Row{"not included", [](Case& c) { c.customer.membership = Membership::kNotIncluded; },
            Cause::kNotIncluded,
            "Left out by customers.include (line 9 of the configuration): none of its entries "
            "fits.",
            "To show it, add its id or its name there, and restart."},
        Row{"left", [](Case& c) { c.customer.membership = Membership::kLeft; }, Cause::kLeft,
            "Left: the customer list no longer names it, noticed 4 days ago.",
            "If that is wrong, look at the relationship in Partner Center; it comes back with the "
            "next list that names it."},
        Row{"not configured", [](Case& c) { c.collector.configured = false; },
            Cause::kNotConfigured, "Not read: insights.collectors does not name it."},
        Row{"over the series budget", [](Case& c) { c.collector.shown = nullptr; },
            Cause::kOverSeriesBudget,
            "Known and left out: 1 row (classic source), read 3 hours ago. limits.series is "
            "reached, and customers are admitted in the order of their ids.",
            "Raise limits.series, or narrow customers.include."},
        Row{"leaving", [](Case& c) { c.customer.membership = Membership::kLeaving; },
            Cause::kLeaving,
            "2 series from 1 row (classic source), read 3 hours ago; Partner Center's own figures "
            "are 3 days old."},
        Row{"not ours, and not believed yet",
            [](Case& c) { c.collector.trouble = c.trouble(Trouble::Kind::kNotOurs); },
            Cause::kNotOurs,
            "Partner Center has said for 30 minutes that this customer is not yours, although its "
            "customer list names it: it broke. Still shown: 2 series from 1 row, read 3 hours ago.",
            "See in Partner Center whether the relationship has ended. For a ticket with "
            "Microsoft: correlation id c0ffee."},
        Row{"no token, and nothing read yet",
            [](Case& c) {
              c.show_nothing();
              c.account.token_trouble = "somebody has to sign in";
            },
            Cause::kNoToken,
            "Nothing can be read without a token: somebody has to sign in. Nothing is shown."},
        Row{"no token, and that is what failed",
            [](Case& c) {
              c.collector.trouble = c.trouble(Trouble::Kind::kFailing, ErrorKind::kUnauthorized);
              c.account.token_trouble = "somebody has to sign in";
            },
            Cause::kNoToken,
            "Nothing can be read without a token: somebody has to sign in. Still shown: 2 series "
            "from 1 row, read 3 hours ago."},
        Row{"throttled, and nothing read yet",
            [](Case& c) {
              c.show_nothing();
              c.account.paused_for = minutes(5);
            },
            Cause::kThrottled,
            "Waiting: Partner Center asked for a pause (Retry-After), 5 minutes more. Nothing is "
            "shown.",
            "It goes on by itself."},
        Row{"throttled, and that is what failed",
            [](Case& c) {
              c.collector.trouble = c.trouble(Trouble::Kind::kFailing, ErrorKind::kThrottled);
              c.account.paused_for = minutes(5);
            },
            Cause::kThrottled,
            "Waiting: Partner Center asked for a pause (Retry-After), 5 minutes more. Still shown: "
            "2 series from 1 row, read 3 hours ago.",
            "It goes on by itself."},
        Row{"failing, with the last good rows",
            [](Case& c) { c.collector.trouble = c.trouble(Trouble::Kind::kFailing); },
            Cause::kFailing,
            "Reading it has failed for 30 minutes: it broke. Still shown: 2 series from 1 row, "
            "read 3 hours ago.",
            kTicket},
        Row{"failing, never read",
            [](Case& c) {
              c.show_nothing();
              c.collector.trouble = c.trouble(Trouble::Kind::kFailing);
            },
            Cause::kFailing, "Reading it has failed for 30 minutes: it broke. Nothing is shown.",
            kTicket},
        Row{"failing for so long that the rows grew too old",
            [](Case& c) {
              c.show_nothing();
              c.collector.trouble = c.trouble(Trouble::Kind::kFailing);
              c.collector.trouble->last_read = kNow - hours(60);
            },
            Cause::kFailing,
            "Reading it has failed for 30 minutes: it broke. Nothing is shown: what was read 2 "
            "days ago is older than insights.stale_after.",
            kTicket},
        Row{"the bulk report fails",
            [](Case& c) {
              c.show_nothing();
              c.collector.whole.source = Source::kCommercial;
              c.collector.whole.trouble = c.trouble(Trouble::Kind::kFailing);
            },
            Cause::kFailing, "Reading it has failed for 30 minutes: it broke. Nothing is shown.",
            kTicket},
        Row{"a bulk report that is not in use fails",
            [](Case& c) { c.collector.whole.trouble = c.trouble(Trouble::Kind::kFailing); },
            Cause::kShown,
            "2 series from 1 row (classic source), read 3 hours ago; Partner Center's own figures "
            "are 3 days old."},
        Row{"suspect", [](Case& c) { c.collector.trouble = c.trouble(Trouble::Kind::kHeld); },
            Cause::kSuspect,
            "For 30 minutes Partner Center has answered with only 1 row where there were 12 "
            "(classic source); that is not believed yet. Still shown: 2 series from 1 row, read 3 "
            "hours ago.",
            "If the licences are gone this settles by itself, see insights.guard. "
            "For a ticket with Microsoft: correlation id c0ffee."},
        Row{"the whole bulk report is suspect",
            [](Case& c) {
              c.collector.whole.source = Source::kCommercial;
              c.collector.whole.trouble = c.trouble(Trouble::Kind::kHeld);
              c.collector.whole.trouble->source = Source::kCommercial;
              c.collector.whole.trouble->error = nullptr;
              c.collector.whole.trouble->pass = std::make_shared<const std::string>("decade");
            },
            Cause::kSuspect,
            "For 30 minutes the report about all customers has had only 1 row where there were 12 "
            "(commercial source); that is not believed yet. Still shown: 2 series from 1 row, read "
            "3 hours ago.",
            "If the licences are gone this settles by itself, see insights.guard. "
            "For a ticket with Microsoft: correlation id decade."},
        Row{"no data", [](Case& c) { c.show({}); }, Cause::kNoData,
            "Partner Center has no rows about this customer (classic source, answered 3 hours "
            "ago).",
            "Nothing is wrong where it has no licences; figures of new ones come days later."},
        Row{"no data in a bulk report",
            [](Case& c) {
              c.show_nothing();
              c.collector.whole = {.source = Source::kCommercial, .answered = kNow - hours(4)};
            },
            Cause::kNoData,
            "Partner Center has no rows about this customer (commercial source, answered 4 hours "
            "ago).",
            "Nothing is wrong where it has no licences; figures of new ones come days later."},
        Row{"too old",
            [](Case& c) {
              c.show_nothing();
              c.collector.trouble = c.trouble(Trouble::Kind::kTooOld);
              c.collector.trouble->last_read = kNow - hours(60);
            },
            Cause::kTooOld,
            "Last read 2 days ago, which is longer ago than insights.stale_after, so nothing is "
            "shown.",
            "The log says what takes so long; limits.requests_per_minute may be too small."},
        Row{"a bulk report too old",
            [](Case& c) {
              c.show_nothing();
              c.collector.whole = {.source = Source::kCommercial, .answered = kNow - hours(60)};
            },
            Cause::kTooOld,
            "Last read 2 days ago, which is longer ago than insights.stale_after, so nothing is "
            "shown.",
            "The log says what takes so long; limits.requests_per_minute may be too small."},
        Row{"read anew after it was too old",
            [](Case& c) { c.collector.trouble = c.trouble(Trouble::Kind::kTooOld); }, Cause::kShown,
            "2 series from 1 row (classic source), read 3 hours ago; Partner Center's own figures "
            "are 3 days old."},
        Row{"never read", [](Case& c) { c.show_nothing(); }, Cause::kNeverRead, "Not read yet.",
            "The round under way reads it; /-/ready tells when the first one has ended."},
        Row{"listed after the last bulk report",
            [](Case& c) {
              c.show_nothing();
              c.customer.since = kNow - minutes(1);
              c.collector.whole = {.source = Source::kCommercial, .answered = kNow - hours(4)};
            },
            Cause::kNeverRead, "Not read yet.",
            "The round under way reads it; /-/ready tells when the first one has ended."}));

TEST(Explanation, HasANameForEachCause) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Cause::kNeverRead); ++i)
    names.insert(name_of(static_cast<Cause>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Cause::kNeverRead) + 1);
}

TEST(Explanation, TellsAgesInTheLargestUnitThatFits) {
  EXPECT_EQ(duration_in_words(std::chrono::milliseconds(-5)), "0 seconds");
  EXPECT_EQ(duration_in_words(std::chrono::seconds(1)), "1 second");
  EXPECT_EQ(duration_in_words(std::chrono::seconds(119)), "119 seconds");
  EXPECT_EQ(duration_in_words(minutes(2)), "2 minutes");
  EXPECT_EQ(duration_in_words(minutes(119)), "119 minutes");
  EXPECT_EQ(duration_in_words(hours(47)), "47 hours");
  EXPECT_EQ(duration_in_words(hours(24 * 3547)), "3547 days");
}

TEST(Explanation, SaysHowTheCustomerListFares) {
  AccountState account{.partner = "contoso", .now = kNow};
  EXPECT_EQ(list_in_words(account), "The customer list has not been read yet.");
  account.list.believed = kNow - hours(7);
  account.list.trouble = Case().trouble(Trouble::Kind::kFailing);
  EXPECT_EQ(list_in_words(account),
            "The customer list was read 7 hours ago. Reading it has failed for 30 minutes: it "
            "broke. What to do: mend it. For a ticket with Microsoft: correlation id c0ffee.");
  account.token_trouble = "somebody has to sign in";
  account.list.trouble->error =
      std::make_shared<const Error>(Error{.kind = ErrorKind::kMfaMissing, .message = "no MFA"});
  EXPECT_EQ(
      list_in_words(account),
      "The customer list was read 7 hours ago. Reading it has failed for 30 minutes, for want "
      "of a token.")
      << "what the account is said to lack is not said twice";
}

TEST(Explanation, SaysWhatStopsAnAccount) {
  AccountState account{.partner = "contoso", .now = kNow};
  EXPECT_EQ(words_about_account(account).sentence, "");
  account.paused_for = minutes(5);
  EXPECT_THAT(words_about_account(account).sentence, HasSubstr("Retry-After, 5 minutes more"));
  account.token_trouble = "somebody has to sign in";
  EXPECT_EQ(words_about_account(account).sentence,
            "Account contoso has no token: somebody has to sign in.");
}

}  // namespace
}  // namespace pce
