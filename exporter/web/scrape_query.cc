#include "exporter/web/scrape_query.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "exporter/base/units.h"
#include "exporter/insights/catalog.h"
#include "exporter/web/query_string.h"

namespace pce {
namespace {

constexpr std::size_t kParametersMax = 200;
// Each of these is tried on each customer; ids and beginnings of ids are looked up.
constexpr std::size_t kInnerStarsMax = 16;

using Values = std::vector<std::string>;

Error refused(std::string message) {
  return {.kind = ErrorKind::kRejected, .message = std::move(message)};
}

struct Parameters {
  Values collect{}, exclude{}, partner{}, customer_id{};

  // nullptr: not one of ours.
  Values* of(std::string_view name) {
    if (name == "collect[]") return &collect;
    if (name == "exclude[]") return &exclude;
    if (name == "partner[]") return &partner;
    return name == "customer_id[]" ? &customer_id : nullptr;
  }
};

Values known_collectors() {
  Values names;
  for (const DataSet* data_set : published_data_sets()) names.emplace_back(data_set->collector);
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

std::string listed(std::span<const std::string> names) {
  std::string list;
  for (const std::string& name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

Status check_names(const char* parameter, const Values& names, std::span<const std::string> known) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::ranges::find(known, names[i]) != known.end()) continue;
    return refused("Value " + std::to_string(i + 1) + " of " + parameter +
                   " names nothing there is. Known: " + listed(known) + ".");
  }
  return Done{};
}

Selection::Names set_of(const Values& names) { return {names.begin(), names.end()}; }

Status check_ids(const Values& ids) {
  constexpr std::string_view kIdCharacters = "0123456789abcdefABCDEF-*";
  constexpr std::size_t kPatternMax = 64;
  std::size_t inner_stars = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string_view id = ids[i];
    const auto star = id.find('*');
    const bool is_pattern = star != std::string_view::npos && id.size() <= kPatternMax &&
                            id.find_first_not_of(kIdCharacters) == std::string_view::npos;
    if (!is_pattern && !TenantId::parse(id)) {
      return refused(
          "Value " + std::to_string(i + 1) +
          " of customer_id[] is no customer's id (8-4-4-4-12 hexadecimal digits), and no "
          "pattern for one such as 0*.");
    }
    if (is_pattern && id.find_first_not_of('*', star) != std::string_view::npos) ++inner_stars;
  }
  if (inner_stars > kInnerStarsMax) {
    return refused("At most " + std::to_string(kInnerStarsMax) +
                   " values of customer_id[] may have a * that is not at their end.");
  }
  return Done{};
}

Result<Parameters> parameters_of(std::string_view query) {
  auto all = parse_any_query(query, kParametersMax);
  if (!all) return all.error();
  Parameters parameters;
  for (QueryParameter& each : *all) {
    if (Values* values = parameters.of(each.name)) {
      values->push_back(std::move(each.value));
    } else if (parameters.of(each.name + "[]") != nullptr) {
      // Whoever splits an estate over scrapes must not get all of it in each.
      return refused(
          "The parameters collect[], exclude[], partner[] and customer_id[] have "
          "brackets at the end of their names; one in the query has none.");
    }
  }
  return parameters;
}

}  // namespace

Result<Selection> scrape_selection(std::string_view query, std::span<const std::string> partners) {
  if (query.empty()) return Selection{};
  if (query.size() > kScrapeQueryMax) {
    return Error{.kind = ErrorKind::kTooLarge,
                 .message = "The query has more than " + std::to_string(kScrapeQueryMax) +
                            " bytes; customer_id[]=0* chooses many customers by one short value."};
  }
  const auto parameters = parameters_of(query);
  if (!parameters) return parameters.error();
  const auto& [collect, exclude, partner, customer_id] = *parameters;
  if (!collect.empty() && !exclude.empty())
    return refused("collect[] and exclude[] cannot be in one query.");

  const Values collectors = known_collectors();
  for (const Status& status :
       {check_names("collect[]", collect, collectors),
        check_names("exclude[]", exclude, collectors), check_names("partner[]", partner, partners),
        check_ids(customer_id)}) {
    if (!status) return status.error();
  }
  Selection selection;
  if (!collect.empty()) selection.collectors = set_of(collect);
  if (!exclude.empty()) {
    selection.collectors = set_of(collectors);
    for (const std::string& name : exclude) selection.collectors->erase(name);
  }
  if (!partner.empty()) selection.partners = set_of(partner);
  // With every account there is nothing to tell apart, and nothing to encode anew.
  if (selection.partners && selection.partners->size() == partners.size())
    selection.partners.reset();
  if (!customer_id.empty()) selection.customers.emplace(customer_id);
  return selection;
}

}  // namespace pce
