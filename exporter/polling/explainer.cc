#include "exporter/polling/explainer.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "exporter/base/wildcard.h"
#include "exporter/insights/catalog.h"
#include "exporter/settings/spelling.h"

namespace pce {
namespace {

constexpr std::size_t kNearestMax = 3;

using Accounts = std::vector<const Explainer*>;
// By the account's place and the id, so that one who left but is still in the register, or who
// stands in several slices, counts once.
using Matches = std::map<std::pair<std::size_t, LabelText>, KnownCustomer>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

template <typename Fits>
Matches matches(const Accounts& accounts, Fits&& fits_to) {
  Matches found;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    accounts[i]->each_customer([&](const KnownCustomer& customer) {
      if (fits_to(customer)) found.try_emplace({i, customer.id}, customer);
    });
  }
  return found;
}

// Names are compared as labels show them.
Matches find_customers(const std::string& wanted, const Accounts& accounts) {
  if (const auto id = TenantId::parse(wanted)) {
    auto found = matches(accounts, [&](const KnownCustomer& customer) {
      return customer.id.escaped() == id->text();
    });
    if (!found.empty()) return found;
  }
  const std::string name = escaped_label(wanted);
  auto found = matches(accounts, [&](const KnownCustomer& customer) {
    return same_in_any_case(name, customer.name.escaped());
  });
  if (!found.empty() || name.find('*') == std::string::npos) return found;
  return matches(accounts, [&](const KnownCustomer& customer) {
    return fits(name, customer.id.escaped()) || fits(name, customer.name.escaped());
  });
}

std::vector<std::string> nearest_names(const std::string& wanted, const Accounts& accounts) {
  std::vector<LabelText> names;
  for (const Explainer* account : accounts) {
    if (!account->shows_names()) continue;  // a name would be like none of them
    account->each_customer([&](const KnownCustomer& customer) { names.push_back(customer.name); });
  }
  std::vector<std::string_view> texts;
  texts.reserve(names.size());
  for (const LabelText& name : names) texts.push_back(name.escaped());
  std::vector<std::string> nearest;
  for (const std::string_view near : nearest_few(escaped_label(wanted), texts, kNearestMax))
    nearest.push_back(
        names[static_cast<std::size_t>(std::ranges::find(texts, near) - texts.begin())].plain());
  return nearest;
}

}  // namespace

AccountState Explainer::account() const {
  const auto plan = parts_.poller.plan();
  return {.partner = partner(),
          .now = parts_.clock.wall(),
          .stale_after = plan->stale_after,
          .paused_for = parts_.paused_for(),
          .token_trouble = parts_.token_trouble(),
          .list = parts_.poller.record().list(),
          .reads_customers = std::ranges::any_of(plan->data_sets, [](const DataSet* data_set) {
            return data_set->scope == Scope::kCustomer;
          })};
}

void Explainer::each_customer(const std::function<void(const KnownCustomer&)>& visit) const {
  const PollRecord& record = parts_.poller.record();
  for (const KnownCustomer& customer : record.those_who_left()) visit(customer);
  const auto listed = record.customers();
  for (const KnownCustomer& customer : listed->customers()) visit(customer);
  if (record.list().believed) return;
  // Without a list, whoever is named in the answers is shown.
  const auto known = parts_.store.known();
  const auto plan = parts_.poller.plan();
  for (const DataSet* data_set : plan->data_sets) {
    known->each_slice(*data_set, [&](const Slice& slice) {
      if (slice.key.partner != partner() || slice.key.customer_id.empty()) return;
      if (listed->find(slice.key.customer_id) != nullptr) return;
      visit({.id = slice.customer_id,
             .name = slice.customer,
             .membership = Membership::kUnlisted,
             .since = slice.fetched});
    });
  }
}

Explanation Explainer::explain(const KnownCustomer& customer) const {
  const auto newest = parts_.poller.plan();
  const AccountPoller::Plan& plan = *newest;
  const PollRecord& record = parts_.poller.record();
  Explanation explanation{.account = account(), .customer = customer};
  const auto& exclude = plan.customers.exclude();
  const auto& include = plan.customers.include();
  if (customer.membership == Membership::kExcluded && customer.entry < exclude.size())
    explanation.pattern = exclude[customer.entry];
  if (explanation.pattern && !plan.naming.shows_names()) explanation.pattern->text.clear();
  if (customer.membership == Membership::kNotIncluded && !include.empty())
    explanation.include_line = include.front().line;
  // The smaller one first: what is shown now was known before.
  const auto shown = parts_.store.current();
  const auto known = parts_.store.known();
  for (const DataSet* data_set : catalog()) {
    if (data_set->scope != Scope::kCustomer) continue;
    const SliceKey key{data_set, std::string(customer.id.escaped()), plan.partner};
    explanation.verdicts.push_back(verdict_of(
        explanation.account, customer,
        {.data_set = data_set,
         .configured = std::ranges::find(plan.data_sets, data_set) != plan.data_sets.end(),
         .whole = record.collector(*data_set),
         .trouble = record.trouble(*data_set, key.customer_id),
         .known = known->find(key),
         .shown = shown->find(key)}));
  }
  return explanation;
}

CustomerAnswer explain_customer(const CustomerQuestion& question,
                                std::span<const Explainer* const> accounts) {
  Accounts asked;
  for (const Explainer* account : accounts) {
    if (question.partner.empty() || account->partner() == question.partner)
      asked.push_back(account);
  }
  CustomerAnswer answer;
  const Matches found = find_customers(question.customer, asked);
  for (const auto& [place, customer] : found) {
    if (answer.found.size() == kExplainedMax) break;
    answer.found.push_back(asked[place.first]->explain(customer));
  }
  answer.more = found.size() - answer.found.size();
  if (!found.empty()) return answer;
  answer.nearest = nearest_names(question.customer, asked);
  for (const Explainer* account : asked) answer.accounts.push_back(account->account());
  return answer;
}

}  // namespace pce
