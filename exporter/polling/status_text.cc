#include "exporter/polling/status_text.h"

#include <algorithm>
#include <utility>

#include "exporter/polling/explanation.h"

namespace pce {
namespace {

using Weight = Concern::Weight;
using Concerns = std::vector<Concern>;

constexpr std::size_t kServicesNamed = 5;
constexpr std::chrono::minutes kLateBy{5};  // a round takes its time

std::string within(const std::optional<WallTime>& when, WallTime now) {
  if (!when) return {};
  if (*when <= now) return "It is tried again now.";
  return "It is tried again in " + duration_in_words(*when - now) + ".";
}

std::string next_step_of(const Error& error) {
  return error.next_step.empty() ? std::string() : as_sentence("What to do: " + error.next_step);
}

void look_at_sign_in(const AccountStatus& account, Concerns& concerns) {
  const TokenStatus& sign_in = account.sign_in;
  if (sign_in.state == TokenState::kStarting || sign_in.state == TokenState::kOk) return;
  const bool human = needs_a_human(sign_in.state);
  concerns.push_back(
      {.weight = human || !sign_in.served ? Weight::kTrouble : Weight::kNotice,
       .words = {.sentence = as_sentence(sign_in.message),
                 .advice = sign_in.command.empty() ? within(sign_in.next_try, account.now)
                                                   : "Run: " + sign_in.command},
       .correlation_id = sign_in.correlation_id});
}

void look_at_end(const char* what, const std::optional<WallTime>& end, const char* advice,
                 WallTime now, Concerns& concerns) {
  if (!end || *end - now >= kEndsSoon) return;
  const bool over = *end <= now;
  concerns.push_back(
      {.weight = Weight::kTrouble,
       .words = {.sentence =
                     std::string(what) + (over ? " ended " + duration_in_words(now - *end) + " ago."
                                               : " ends in " + duration_in_words(*end - now) + "."),
                 .advice = advice}});
}

void look_at_credentials(const AccountStatus& account, Concerns& concerns) {
  const CredentialEnds& ends = account.credentials;
  look_at_end("The refresh token", ends.refresh_token,
              "Every use renews it; where it is not used, sign in again.", account.now, concerns);
  look_at_end("The client certificate", ends.client_certificate,
              "Put a new one in its file and register it at Entra.", account.now, concerns);
  if (!ends.refresh_token_stored) {
    concerns.push_back(
        {.weight = Weight::kTrouble,
         .words = {.sentence = "The newest refresh token could not be written to its file.",
                   .advice = "A restart would lose it; the log says what stands in the way."}});
  }
  if (account.sign_in.mfa_compliant == false) {
    concerns.push_back(
        {.words = {.sentence = "Partner Center says that the sign-in had no second factor.",
                   .advice = "Sign in again with one before it is enforced."}});
  }
}

void look_at_throttling(const AccountStatus& account, Concerns& concerns) {
  const Throttling& throttling = account.throttling;
  if (throttling.paused_for.count() > 0) {
    concerns.push_back({.words = {.sentence = "Partner Center asked for a pause (Retry-After), " +
                                              duration_in_words(throttling.paused_for) + " more.",
                                  .advice = "It goes on by itself."}});
  }
  if (throttling.pace < 1) {
    concerns.push_back(
        {.words = {.sentence = "After refusals (429), calls go at " +
                               std::to_string(static_cast<int>(throttling.pace * 100)) +
                               " % of the configured pace.",
                   .advice = "The pace comes back by a tenth a minute."}});
  }
}

Concern about_trouble(const CollectorReport& collector, const Trouble& trouble, WallTime now) {
  const std::string name = collector.status.data_set->collector;
  Concern concern{
      .weight = Weight::kTrouble, .collector = name, .correlation_id = correlation_id_of(trouble)};
  const std::string source =
      collector.source ? std::string(" (") + name_of(trouble.source) + ")" : std::string();
  const std::string lasting = duration_in_words(now - trouble.since);
  if (trouble.error) {
    concern.words = {
        .sentence = "Reading " + name + source + " has failed for " + lasting + ": " +
                    as_sentence(finding_of(*trouble.error)),
        .advice = joined({next_step_of(*trouble.error), within(trouble.next_try, now)})};
  } else if (trouble.kind == Trouble::Kind::kHeld) {
    const std::string rows =
        trouble.rows == 0 ? "no rows" : "only " + count_of(trouble.rows, "row");
    const std::string before =
        trouble.rows_before == 0 ? "" : " where there were " + std::to_string(trouble.rows_before);
    concern.words = {.sentence = "For " + lasting + " answers of " + name + source + " have had " +
                                 rows + before + "; that is not believed yet.",
                     .advice =
                         "If the licences are gone this settles by itself, see "
                         "insights.guard."};
  }
  return concern;
}

Concern about_unanswered(const CollectorReport& collector, const AccountStatus& account) {
  const CollectorStatus& status = collector.status;
  Concern concern{.weight = Weight::kTrouble, .collector = status.data_set->collector};
  concern.words.sentence = "Of " + count_of(status.facts.readings, "reading") + " of " +
                           concern.collector + ", " + std::to_string(status.facts.unanswered) +
                           " have failed or were never answered.";
  if (const auto& error = status.last_error) {
    concern.words.sentence += " The last failure: " + as_sentence(finding_of(error->error));
    concern.words.advice = next_step_of(error->error);
    concern.correlation_id =
        error->error.correlation_id.empty() ? error->pass : error->error.correlation_id;
  }
  concern.words.advice = joined({concern.words.advice, within(status.facts.next, account.now)});
  return concern;
}

void look_at_processing(const std::string& name, const CollectorFigures& facts, WallTime now,
                        Concerns& concerns) {
  std::string old;
  std::size_t services = 0;
  for (const auto& [service, processed] : facts.processed) {
    if (now - processed <= kOldAtSource || ++services > kServicesNamed) continue;
    old +=
        (old.empty() ? "" : ", ") + service + " (" + duration_in_words(now - processed) + " ago)";
  }
  if (services == 0) return;
  if (services > kServicesNamed)
    old += " and " + std::to_string(services - kServicesNamed) + " more";
  concerns.push_back(
      {.collector = name,
       .words = {.sentence = "Partner Center itself processed " + name + " long ago: " + old + ".",
                 .advice = "Nothing can be done here; what it says is shown."}});
}

void look_at_collector(const CollectorReport& collector, const AccountStatus& account,
                       Concerns& concerns) {
  const CollectorStatus& status = collector.status;
  const CollectorFigures& facts = status.facts;
  const std::string name = status.data_set->collector;
  const std::size_t before = concerns.size();
  const auto& trouble = collector.trouble;
  // Nothing can be read without a token, and that is told already.
  if (!account.sign_in.served && trouble && trouble->error &&
      is_about_the_token(trouble->error->kind))
    return;
  if (trouble) {
    concerns.push_back(about_trouble(collector, *trouble, account.now));
  } else if (facts.unanswered > 0 && account.tried) {
    concerns.push_back(about_unanswered(collector, account));
  }
  if (facts.customers_in_doubt > 0) {
    concerns.push_back(
        {.collector = name,
         .words = {.sentence = "What was last answered about " +
                               count_of(facts.customers_in_doubt, "customer") + " in " + name +
                               " has far fewer rows than before, and is held back.",
                   .advice = "It settles by itself, see insights.guard."}});
  }
  if (concerns.size() == before && facts.oldest &&
      account.now - *facts.oldest > 2 * account.interval + kLateBy) {
    concerns.push_back(
        {.weight = Weight::kTrouble,
         .collector = name,
         .words = {.sentence = "Some of " + name + " was last read " +
                               duration_in_words(account.now - *facts.oldest) +
                               " ago, more than two intervals.",
                   .advice = "The log says what takes so long; limits.requests_per_minute may be "
                             "too small."}});
  }
  look_at_processing(name, facts, account.now, concerns);
}

void look_at_drift(const AccountStatus& account, Concerns& concerns) {
  const auto lately = [&](const DriftSeen& seen) {
    return account.now - seen.latest <= 2 * account.interval;
  };
  const auto fields = static_cast<std::size_t>(std::ranges::count_if(account.drift, lately));
  if (fields == 0) return;
  concerns.push_back({.words = {.sentence = count_of(fields, "field") + " of the answers " +
                                            (fields == 1 ? "is" : "are") + " not as documented.",
                                .advice = "Partner Center may be changing; see which below."}});
}

}  // namespace

std::vector<Concern> concerns_about(const AccountStatus& account) {
  Concerns concerns;
  look_at_sign_in(account, concerns);
  for (const CollectorReport& collector : account.collectors)
    look_at_collector(collector, account, concerns);
  look_at_credentials(account, concerns);
  look_at_throttling(account, concerns);
  look_at_drift(account, concerns);
  if (!account.tried) concerns.push_back({.words = {.sentence = "The first round is under way."}});
  std::ranges::stable_sort(concerns, std::ranges::greater(), &Concern::weight);
  return concerns;
}

const char* name_of(Concern::Weight weight) {
  return weight == Concern::Weight::kTrouble ? "trouble" : "notice";
}

}  // namespace pce
