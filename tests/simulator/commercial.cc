#include "tests/simulator/commercial.h"

#include <algorithm>
#include <map>
#include <variant>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

using Kind = Field::Kind;

// The page's rows and the number of all rows. Duplicated rows are rows like others: they count and
// fill pages.
class Page {
 public:
  explicit Page(const CommercialRows& from)
      : from_(from),
        question_(from.question()),
        copies_(from.spelling().duplicate_rows ? 2 : 1),
        rows_(from.spelling()) {}

  void read(RowCounts& counts) {
    if (from_.spelling().empty_items || from_.estate().data_emptied()) return;
    if (!question_.groupby.empty()) return read_groups();
    const auto before = counts.before(from_);
    total_ = before->back() * copies_;
    auto [number, left_out] = seek(*before, question_.skip / copies_);
    std::size_t index = question_.skip - question_.skip % copies_;
    const auto visit = [&](const CommercialRow& row) {
      if (left_out > 0) {
        --left_out;
        return true;
      }
      set_row(row);
      return append(index, row.whole() == 0);
    };
    while (number + 1 < before->size() && from_.each(number, visit)) ++number;
  }
  std::string_view rows() const { return rows_.text(); }
  std::size_t total() const { return total_; }

 private:
  void read_groups() {
    struct Group {
      std::vector<std::string> values;
      double part = 0, whole = 0;
    };
    std::map<std::string, std::size_t> known;
    std::vector<Group> groups;
    const auto visit = [&](const CommercialRow& row) {
      std::string key;
      for (const auto field : question_.groupby) key.append(row.value(field)).push_back('\x1f');
      const auto [at, fresh] = known.emplace(key, groups.size());
      if (fresh) {
        Group& group = groups.emplace_back();
        for (const auto field : question_.groupby) group.values.emplace_back(row.value(field));
      }
      groups[at->second].part += row.part();
      groups[at->second].whole += row.whole();
      return true;
    };
    for (std::size_t number = 0; number < from_.estate().numbers(); ++number)
      from_.each(number, visit);
    total_ = groups.size() * copies_;
    std::size_t index = 0;
    for (const Group& group : groups) {
      fields_.clear();
      for (std::size_t i = 0; i < question_.groupby.size(); ++i) {
        fields_.push_back({.key = question_.groupby[i], .text = group.values[i]});
      }
      add_counts(group.part, group.whole);
      if (!append(index, group.whole == 0)) return;
    }
  }
  void add_counts(double part, double whole) {
    const bool usage = from_.dataset() == Dataset::kUsage;
    const bool singular = from_.spelling().singular_active.value_or(false);
    fields_.push_back({.key = !usage     ? "licensesDeployed"
                              : singular ? "licenseActive"
                                         : "licensesActive",
                       .kind = Kind::kCount,
                       .number = part});
    fields_.push_back({.key = usage ? "licensesQualified" : "licensesSold",
                       .kind = Kind::kCount,
                       .number = whole});
  }
  void set_row(const CommercialRow& row) {
    std::vector<Field>& f = fields_;
    f.clear();
    f.push_back({.key = "processedDateTime",
                 .kind = Kind::kDate,
                 .when = from_.processed(row.holding.service_code)});
    if (row.usage) {
      f.push_back({.key = "workloadCode", .text = row.usage->workload.code, .optional = true});
      f.push_back({.key = "workloadName", .text = row.usage->workload.name});
    }
    f.push_back({.key = "serviceCode", .text = row.holding.service_code});
    f.push_back({.key = "serviceName",
                 .text = service_display_name(row.holding.service_code),
                 .optional = true});
    f.push_back({.key = "channel", .text = row.holding.channel});
    f.push_back({.key = "customerTenantId", .text = row.id});
    f.push_back({.key = "customerName", .text = row.upper_name, .optional = true});
    f.push_back({.key = "productId", .text = row.holding.product_id, .optional = true});
    f.push_back({.key = "productName", .text = row.holding.product});
    add_counts(row.part(), row.whole());
  }
  // The copies of one row, as far as they are on the page; false when the page is full.
  bool append(std::size_t& index, bool percent_of_nothing) {
    for (std::size_t copy = 0; copy < copies_; ++copy, ++index) {
      if (index < question_.skip) continue;
      if (index - question_.skip >= question_.top) return false;
      rows_.add(fields_, index, DateSpelling::kNoOffset, percent_of_nothing);
    }
    return true;
  }

  const CommercialRows& from_;
  const Question& question_;
  const std::size_t copies_;
  RowList rows_;
  std::size_t total_ = 0;
  std::vector<Field> fields_;
};

// The address of the next page, or an empty text. Spaces of a filter stay as they are in the
// last-segment form, as the sister platform sends them.
std::string next_link(const Request& request, const Question& question, std::size_t total,
                      const Settings& settings) {
  if (question.skip + question.top >= total || settings.next_link == "null") return "";
  const bool repeat = settings.next_link == "repeat";
  const bool last_segment = settings.next_link == "last_segment";
  std::string query = fmt::format("?top={}&skip={}", question.top,
                                  repeat ? question.skip : question.skip + question.top);
  for (const auto& [name, value] : request.arguments) {
    if (same_text(name, "top") || same_text(name, "skip")) continue;
    std::string encoded = url_encode(value);
    for (std::size_t at = 0; last_segment && (at = encoded.find("%20", at)) != std::string::npos;) {
      encoded.replace(at, 3, " ");
    }
    query += fmt::format("&{}={}", name, encoded);
  }
  std::string path = request.path;
  if (last_segment) return (path.ends_with('/') ? "" : path.substr(path.rfind('/') + 1)) + query;
  if (settings.next_link == "root_relative") return path + query;
  const std::string host = settings.next_link == "other_host"
                               ? "https://api.elsewhere.example"
                               : "http://" + request.header("Host").value_or("127.0.0.1");
  return host + path + query;
}

}  // namespace

Response commercial_insight(Dataset dataset, const Request& request, const Estate& estate,
                            const Settings& settings, const Spelling& spelling, RowCounts& counts) {
  const auto read = read_question(dataset, request);
  if (const auto* problem = std::get_if<std::string>(&read))
    return error_answer(400, settings.bad_question, *problem);
  const auto& question = std::get<Question>(read);
  const CommercialRows from(dataset, estate, spelling, question);
  Page page(from);
  page.read(counts);
  const std::string next = next_link(request, question, page.total(), settings);
  const auto key = [&](std::string_view name) {
    return fmt::format("\"{}\":", spelling.lower_case_keys ? ascii_lower(name) : name);
  };
  const std::string value = key("Value").append("[");
  std::string link, total;
  if (!next.empty()) append_json_string(link = key("@nextLink"), next);
  if (next.empty() && !spelling.missing_optional) link = key("@nextLink").append("null");
  if (!spelling.missing_optional) total = key("TotalCount").append(std::to_string(page.total()));
  std::string body;
  body.reserve(page.rows().size() + link.size() + 100);
  const auto add = [&](std::string_view member) {
    if (member.empty()) return;
    body += body.empty() ? '{' : ',';
    body += member;
  };
  const auto add_rows = [&] {
    add(value);
    body.append(page.rows()).append("]");
  };
  if (!spelling.shuffled_keys) add_rows();
  add(spelling.shuffled_keys ? total : link);
  add(spelling.shuffled_keys ? link : total);
  if (spelling.shuffled_keys) add_rows();
  return json_answer(200, body.append("}"));
}

}  // namespace simulator
