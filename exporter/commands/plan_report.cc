#include "exporter/commands/plan_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "exporter/insights/customer_info.h"
#include "exporter/settings/duration.h"

namespace pce {
namespace {

// "12,345"
std::string number(double value) {
  const std::string digits = std::to_string(std::llround(value));
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}
std::string number(std::size_t value) { return number(static_cast<double>(value)); }

std::string counted(std::size_t value, const std::string& what) {
  return number(value) + " " + what + (value == 1 ? "" : "s");
}

std::string text_of(const Estimate& estimate) {
  return number(estimate.value) +
         (estimate.margin < 0.5 ? "" : " ± " + number(std::ceil(estimate.margin)));
}

std::string decimals(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

// "40 ms", "1.2 s", "12 s", "41 min 5 s", "3 h 20 min"
std::string text_of(Seconds time) {
  if (time.count() < 0.9995) return decimals(time.count() * 1000, 0) + " ms";
  if (time.count() < 9.95) return decimals(time.count(), 1) + " s";
  const auto seconds = std::llround(time.count());
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

using Row = std::array<std::string, 6>;

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// The first two columns to the left, numbers to the right.
std::string table(const std::vector<Row>& rows) {
  std::array<std::size_t, 6> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width(row[i]), ' ');
      line += "  " + (i < 2 ? row[i] + padding : padding + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string collectors_table(const AccountFacts& facts, const AccountReckoning& reckoning) {
  std::vector<Row> rows{{"collector", "source", "calls", "rows", "series", "a call takes"}};
  if (facts.list) {
    const ListFacts& list = *facts.list;
    rows.push_back({customer_info().collector, list.resellers ? "list, resellers" : "list",
                    number(list.pages + list.reseller_pages), number(list.customers),
                    number(list.chosen), text_of(list.each)});
  }
  for (const CollectorFacts& one : facts.collectors)
    rows.push_back({one.data_set->collector, name_of(one.source), number(one.readings * one.pages),
                    text_of(one.rows), text_of(one.series), text_of(one.each)});
  rows.push_back({"a round", "", number(reckoning.round.calls), text_of(reckoning.rows),
                  text_of(reckoning.series), ""});
  return table(rows);
}

std::string customers_sentence(const ListFacts& list) {
  std::string text = counted(list.customers, "customer");
  if (list.chosen < list.customers)
    text +=
        ", " + number(list.chosen) + " of them chosen by customers.include and customers.exclude";
  if (list.resellers) text += ", " + counted(*list.resellers, "reseller");
  return text;
}

// How sure the figures of a collector are, and what else is to be known of it.
std::string remarks(const CollectorFacts& one) {
  const std::string name = one.data_set->collector;
  std::string text;
  if (one.first_page_only) {
    text += "  " + name + ": reckoned from the first of about " + number(one.pages) + " pages.\n";
  }
  if (one.failed > 0) {
    text += "  " + name + ": " + number(one.failed) + " of " + number(one.looked_at + one.failed) +
            " readings failed (" + one.first_failure +
            "); reckoned as if those customers were like the others.\n";
  }
  if (one.rows_merged > 0) {
    text += "  " + name + ": " + counted(one.rows_merged, "row") +
            " of those looked at agree with another in every label and are merged with it.\n";
  }
  return text;
}

std::string refusal_sentence(const AccountFacts& facts) {
  std::string names;
  std::string first;
  for (const CollectorFacts& one : facts.collectors) {
    if (one.refusal.empty()) continue;
    names += (names.empty() ? "" : ", ") + std::string(one.data_set->collector);
    if (first.empty()) first = one.refusal;
  }
  if (names.empty()) return {};
  return "  The commercial reports do not serve " + names +
         "; the classic insights are read instead. Why: " + first + "\n";
}

std::string sample_sentence(const AccountFacts& facts) {
  for (const CollectorFacts& one : facts.collectors) {
    if (one.readings <= one.looked_at || one.looked_at == 0) continue;
    return "  Classic figures are reckoned from " + number(one.looked_at) + " of " +
           number(one.readings) +
           " customers, evenly over the list; ± holds in 19 of 20 samples.\n";
  }
  return {};
}

std::string round_sentence(const AccountReckoning& reckoning, const Settings& settings) {
  std::string text = "  A round takes " + counted(reckoning.round.calls, "call") + " and " +
                     text_of(reckoning.round.takes) + "; ";
  text += reckoning.pace == Pace::kRate
              ? "limits.requests_per_minute (" +
                    std::to_string(settings.limits.requests_per_minute) + ") sets the pace.\n"
              : "the answers set the pace, with limits.concurrency " +
                    std::to_string(settings.limits.concurrency) + ".\n";
  if (reckoning.first.calls != reckoning.round.calls) {
    text += "  The first one takes " + counted(reckoning.first.calls, "call") + " and " +
            text_of(reckoning.first.takes) +
            ", because the commercial reports are asked for in vain.\n";
  }
  return text + "  " + number(reckoning.calls_a_day) +
         " calls a day, and a sign-in about every hour.\n";
}

std::string verdict(const AccountReckoning& reckoning, const Settings& settings,
                    const Terminal& terminal) {
  const std::string interval = "insights.interval (" + duration_text(settings.interval) + ")";
  if (reckoning.fits) {
    const bool little_room = reckoning.round.needs * 2 > settings.interval;
    return "  " + terminal.coloured(Colour::kGreen, "It fits " + interval) +
           (little_room ? ", with little room for pauses that Partner Center asks for.\n" : ".\n");
  }
  std::string text = "  " + terminal.coloured(Colour::kRed, "It does not fit " + interval) +
                     ", it needs " + text_of(reckoning.round.needs) + ". Any of these helps:\n";
  for (const std::string& advice : reckoning.advice) text += "    - " + advice + "\n";
  return text;
}

std::string spent_sentence(const AccountFacts& facts) {
  return "  Finding out took " + counted(facts.calls, "call") + " and " +
         counted(facts.sign_ins, "sign-in") + " in " + text_of(facts.time) + ".\n";
}

std::string account_text(const PlannedAccount& account, const Settings& settings,
                         const Terminal& terminal) {
  const AccountFacts& facts = account.facts;
  std::string text = terminal.coloured(Colour::kBold, facts.name);
  if (facts.list) text += ": " + customers_sentence(*facts.list);
  text += "\n";
  if (!account.reckoning) {
    const Error& error = *facts.failure;
    text += "  " + terminal.coloured(Colour::kRed, "It could not be found out: ") + error.message +
            "\n";
    if (!error.correlation_id.empty())
      text += "  For a support ticket: correlation id " + error.correlation_id + "\n";
    return text + spent_sentence(facts);
  }
  text += "\n" + collectors_table(facts, *account.reckoning) + "\n";
  text += refusal_sentence(facts);
  for (const CollectorFacts& one : facts.collectors) text += remarks(one);
  return text + sample_sentence(facts) + round_sentence(*account.reckoning, settings) +
         verdict(*account.reckoning, settings, terminal) + spent_sentence(facts);
}

}  // namespace

bool PlanReport::found_out() const {
  return std::ranges::all_of(
      accounts, [](const PlannedAccount& account) { return account.reckoning.has_value(); });
}

bool PlanReport::fits() const {
  return found_out() && series.fit &&
         std::ranges::all_of(accounts,
                             [](const PlannedAccount& account) { return account.reckoning->fits; });
}

std::string plan_text(const PlanReport& plan, const Settings& settings, const Terminal& terminal) {
  std::string text;
  for (const PlannedAccount& account : plan.accounts)
    text += account_text(account, settings, terminal) + "\n";
  if (!plan.found_out()) return text + "How many series there are in all is not known.\n";
  const std::string limit =
      "limits.series (" + number(static_cast<double>(settings.limits.series)) + ")";
  const std::string series =
      text_of(plan.series.series) + " series in all, and some 150 about the exporter itself: ";
  if (plan.series.fit) {
    text += series + terminal.coloured(Colour::kGreen, "they fit " + limit) + ".\n";
  } else {
    text += series + terminal.coloured(Colour::kRed, "more than " + limit) + "; " +
            plan.series.advice + ".\n";
  }
  return text;
}

}  // namespace pce
