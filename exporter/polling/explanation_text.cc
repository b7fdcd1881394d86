#include "exporter/polling/explanation_text.h"

#include "exporter/polling/wording.h"
#include "exporter/settings/message_text.h"

namespace pce {
namespace {

using std::chrono::milliseconds;

std::string series(const Verdict& verdict) {
  return std::to_string(verdict.series) + " series from " + count_of(verdict.rows, "row");
}

std::string source_of(const Verdict& verdict) {
  return verdict.source ? std::string(name_of(*verdict.source)) + " source" : "source unknown";
}

std::string ago(const std::optional<WallTime>& when, WallTime now) {
  return when ? duration_in_words(now - *when) + " ago" : "at an unknown time";
}

std::string in_line(int line) {
  return line > 0 ? "line " + std::to_string(line) + " of the configuration" : "the configuration";
}

std::string entry_in_words(const CustomerPattern& entry) {
  return (entry.text.empty() ? "an entry" : in_quotes(entry.text)) + " in " + in_line(entry.line);
}

std::string error_of(const Trouble& trouble) {
  return as_sentence(trouble.error ? finding_of(*trouble.error) : "no reason was given");
}

std::string what_to_do(const Trouble& trouble) {
  if (!trouble.error || trouble.error->next_step.empty()) return {};
  return as_sentence("What to do: " + trouble.error->next_step);
}

std::string lasting(const Trouble& trouble, const AccountState& account) {
  return duration_in_words(account.now - trouble.since);
}

// What of the customer is on the metrics page in spite of the trouble.
std::string what_stays(const Verdict& verdict, const AccountState& account) {
  if (verdict.series > 0)
    return " Still shown: " + series(verdict) + ", read " + ago(verdict.read, account.now) + ".";
  if (verdict.read && account.now - *verdict.read > account.stale_after) {
    return " Nothing is shown: what was read " + ago(verdict.read, account.now) +
           " is older than insights.stale_after.";
  }
  return " Nothing is shown.";
}

std::string next_try(const Trouble& trouble, WallTime now) {
  if (!trouble.next_try) return {};
  if (*trouble.next_try <= now) return "It is tried again now.";
  return "Next try in " + duration_in_words(*trouble.next_try - now) + ".";
}

std::string for_a_ticket(const Trouble& trouble) {
  const std::string id = correlation_id_of(trouble);
  return id.empty() ? id : "For a ticket with Microsoft: correlation id " + id + ".";
}

Words failing(const Verdict& verdict, const AccountState& account) {
  const Trouble& trouble = *verdict.trouble;
  return {.sentence = "Reading it has failed for " + lasting(trouble, account) + ": " +
                      error_of(trouble) + what_stays(verdict, account),
          .advice =
              joined({what_to_do(trouble), next_try(trouble, account.now), for_a_ticket(trouble)})};
}

Words suspect(const Verdict& verdict, const AccountState& account) {
  const Trouble& trouble = *verdict.trouble;
  const std::string found = trouble.rows == 0 ? "no rows" : "only " + count_of(trouble.rows, "row");
  const std::string before =
      trouble.rows_before == 0 ? "" : " where there were " + std::to_string(trouble.rows_before);
  return {.sentence = "For " + lasting(trouble, account) +
                      (verdict.trouble_with_all ? " the report about all customers has had "
                                                : " Partner Center has answered with ") +
                      found + before + " (" + name_of(trouble.source) +
                      " source); that is not believed yet." + what_stays(verdict, account),
          .advice = joined({"If the licences are gone this settles by itself, see insights.guard.",
                            for_a_ticket(trouble)})};
}

Words not_ours(const Verdict& verdict, const AccountState& account) {
  const Trouble& trouble = *verdict.trouble;
  return {.sentence = "Partner Center has said for " + lasting(trouble, account) +
                      " that this customer is not yours, although its customer list names it: " +
                      error_of(trouble) + what_stays(verdict, account),
          .advice = joined({"See in Partner Center whether the relationship has ended.",
                            for_a_ticket(trouble)})};
}

Words shown(const Verdict& verdict, const AccountState& account) {
  std::string text =
      series(verdict) + " (" + source_of(verdict) + "), read " + ago(verdict.read, account.now);
  if (verdict.processed) {
    text += "; Partner Center's own figures are " +
            duration_in_words(account.now - *verdict.processed) + " old";
  }
  return {.sentence = text + "."};
}

Words no_data(const Verdict& verdict, const AccountState& account) {
  return {
      .sentence = "Partner Center has no rows about this customer (" + source_of(verdict) +
                  ", answered " + ago(verdict.read, account.now) + ").",
      .advice = "Nothing is wrong where it has no licences; figures of new ones come days later."};
}

Words too_old(const Verdict& verdict, const AccountState& account) {
  return {
      .sentence = "Last read " + ago(verdict.read, account.now) +
                  ", which is longer ago than insights.stale_after, so nothing is shown.",
      .advice = "The log says what takes so long; limits.requests_per_minute may be too small."};
}

Words over_budget(const Verdict& verdict, const AccountState& account) {
  return {
      .sentence = "Known and left out: " + count_of(verdict.rows, "row") + " (" +
                  source_of(verdict) + "), read " + ago(verdict.read, account.now) +
                  ". limits.series is reached, and customers are admitted in the order of their "
                  "ids.",
      .advice = "Raise limits.series, or narrow customers.include."};
}

Words waiting(const Verdict& verdict, const AccountState& account) {
  return {.sentence = "Waiting: Partner Center asked for a pause (Retry-After), " +
                      duration_in_words(account.paused_for) + " more." +
                      what_stays(verdict, account),
          .advice = "It goes on by itself."};
}

}  // namespace

Words words_about(const Verdict& verdict, const Explanation& explanation) {
  const AccountState& account = explanation.account;
  switch (verdict.cause) {
    case Cause::kExcluded:
    case Cause::kNotIncluded:
    case Cause::kLeft:
      return {};
    case Cause::kNotConfigured:
      return {.sentence = "Not read: insights.collectors does not name it."};
    case Cause::kOverSeriesBudget:
      return over_budget(verdict, account);
    case Cause::kLeaving:
      return verdict.rows > 0 ? shown(verdict, account) : Words{.sentence = "No rows are known."};
    case Cause::kNotOurs:
      return not_ours(verdict, account);
    case Cause::kNoToken:
      return {.sentence = "Nothing can be read without a token: " +
                          as_sentence(account.token_trouble.value_or("")) +
                          what_stays(verdict, account)};
    case Cause::kThrottled:
      return waiting(verdict, account);
    case Cause::kFailing:
      return failing(verdict, account);
    case Cause::kSuspect:
      return suspect(verdict, account);
    case Cause::kShown:
      return shown(verdict, account);
    case Cause::kNoData:
      return no_data(verdict, account);
    case Cause::kTooOld:
      return too_old(verdict, account);
    case Cause::kNeverRead:
      break;
  }
  return {.sentence = "Not read yet.",
          .advice = "The round under way reads it; /-/ready tells when the first one has ended."};
}

Words words_about_customer(const Explanation& explanation) {
  const KnownCustomer& customer = explanation.customer;
  const WallTime now = explanation.account.now;
  const auto& pattern = explanation.pattern;
  switch (customer.membership) {
    case Membership::kExcluded:
      return {.sentence = "Left out by customers.exclude" +
                          (pattern ? ": " + entry_in_words(*pattern) + " fits." : std::string(".")),
              .advice = "To show it, take that entry out or make it narrower, and restart."};
    case Membership::kNotIncluded:
      return {.sentence = "Left out by customers.include (" + in_line(explanation.include_line) +
                          "): none of its entries fits.",
              .advice = "To show it, add its id or its name there, and restart."};
    case Membership::kLeft:
      return {.sentence = "Left: the customer list no longer names it, noticed " +
                          ago(customer.since, now) + ".",
              .advice =
                  "If that is wrong, look at the relationship in Partner Center; it comes "
                  "back with the next list that names it."};
    case Membership::kLeaving:
      return {.sentence = "Leaving: the customer list of " + ago(customer.since, now) +
                          " does not name it. It goes when the next one does not either.",
              .advice = "If that is wrong, look at the relationship in Partner Center."};
    case Membership::kUnlisted:
      return {.sentence = "Known from the answers about licences only. " +
                          list_in_words(explanation.account)};
    case Membership::kListed:
      break;
  }
  return {};
}

Words words_about_account(const AccountState& account) {
  if (account.token_trouble) {
    return {.sentence = "Account " + account.partner +
                        " has no token: " + as_sentence(*account.token_trouble)};
  }
  if (account.paused_for.count() > 0) {
    return {.sentence = "Account " + account.partner + " waits for a Retry-After, " +
                        duration_in_words(account.paused_for) + " more."};
  }
  return {};
}

std::string list_in_words(const AccountState& account) {
  if (!account.reads_customers)
    return "Nothing is read about customers: insights.collectors names partner-wide insights only.";
  const std::string read = account.list.believed ? "The customer list was read " +
                                                       ago(account.list.believed, account.now) + "."
                                                 : "The customer list has not been read yet.";
  const auto& trouble = account.list.trouble;
  if (!trouble) return read;
  if (account.token_trouble && trouble->error && is_about_the_token(trouble->error->kind)) {
    return joined({read, "Reading it has failed for " + lasting(*trouble, account) +
                             ", for want of a token."});
  }
  return joined(
      {read, "Reading it has failed for " + lasting(*trouble, account) + ": " + error_of(*trouble),
       what_to_do(*trouble), for_a_ticket(*trouble)});
}

}  // namespace pce
