#include "tests/simulator/commercial.h"

#include <algorithm>
#include <map>
#include <variant>

#include <fmt/format.h>

#include "tests/simulator/classic.h"
#include "tests/simulator/commercial_question.h"
#include "tests/simulator/text.h"

namespace simulator {
namespace {

using Kind = Field::Kind;

struct Row {
  const Customer& customer;
  std::string_view upper_name;
  std::string_view id;  // as spelt
  const Holding& holding;
  const Usage* usage;  // null in deployment

  std::string_view value(std::string_view field) const {
    if (field == "serviceCode") return holding.service_code;
    if (field == "serviceName") return service_display_name(holding.service_code);
    if (field == "channel") return holding.channel;
    if (field == "customerTenantId") return id;
    if (field == "customerName") return upper_name;
    if (field == "productId") return holding.product_id;
    if (field == "productName") return holding.product;
    if (usage == nullptr) return "";
    return field == "workloadCode" ? usage->workload.code : usage->workload.name;
  }
  double part() const { return static_cast<double>(usage ? usage->active : holding.deployed); }
  double whole() const { return static_cast<double>(usage ? usage->qualified : holding.sold); }
};

// Reads rows of the estate from row `from` on until `visit` returns false.
template <typename Visit>
void each_row(Dataset dataset, const Estate& estate, const Spelling& spelling, std::size_t from,
              Visit visit) {
  auto [number, skip] = estate.seek(dataset, from);
  for (; number < estate.numbers(); ++number) {
    if (!estate.listed(number)) continue;
    const Customer customer = estate.customer(number);
    const std::string name = upper(customer.name);
    const std::string id =
        spelling.upper_case_ids.value_or(true) ? upper(customer.id) : customer.id;
    for (const Holding& original : customer.holdings) {
      const Holding holding = as_spelt(original, spelling);
      const std::size_t count = dataset == Dataset::kUsage ? holding.usage.size() : 1;
      for (std::size_t i = 0; i < count; ++i) {
        if (skip > 0) {
          --skip;
          continue;
        }
        const Row row{customer, name, id, holding,
                      dataset == Dataset::kUsage ? &holding.usage[i] : nullptr};
        if (!visit(row)) return;
      }
    }
  }
}

// The page's rows and the number of all rows.
class Page {
 public:
  Page(Dataset dataset, const Estate& estate, const Spelling& spelling, const Question& question)
      : dataset_(dataset), estate_(estate), spelling_(spelling), question_(question) {}

  void read() {
    if (spelling_.empty_items || estate_.data_emptied()) return;
    if (!question_.groupby.empty()) return read_groups();
    if (!question_.filter && !question_.day) return read_plain();
    each_row(dataset_, estate_, spelling_, 0, [&](const Row& row) {
      if (wanted(row)) place(row);
      return true;
    });
  }
  const std::string& rows() const { return rows_; }
  std::size_t total() const { return total_; }

 private:
  // Without a date the latest run; a date names a run of the last 30 days (a guess), each with the
  // same numbers.
  Instant processed(std::string_view service) const {
    const Instant latest = estate_.processed(dataset_, service);
    if (!question_.day) return latest;
    return *question_.day + (latest - std::chrono::floor<std::chrono::days>(latest));
  }
  bool wanted(const Row& row) const {
    if (question_.day) {
      const auto latest = std::chrono::floor<std::chrono::days>(
          estate_.processed(dataset_, row.holding.service_code));
      if (*question_.day > latest || *question_.day < latest - std::chrono::days(30)) return false;
    }
    return !question_.filter ||
           question_.filter->matches([&](std::string_view f) { return row.value(f); });
  }
  bool on_page(std::size_t index) const {
    return index >= question_.skip && index - question_.skip < question_.top;
  }

  void read_plain() {
    total_ = estate_.rows(dataset_);
    std::size_t index = question_.skip;
    each_row(dataset_, estate_, spelling_, question_.skip, [&](const Row& row) {
      if (!on_page(index)) return false;
      write(row, index++);
      return true;
    });
  }
  void place(const Row& row) {
    if (on_page(total_)) write(row, total_);
    ++total_;
  }
  void read_groups() {
    struct Group {
      std::vector<std::string> values;
      double part = 0, whole = 0;
    };
    std::map<std::string, std::size_t> known;
    std::vector<Group> groups;
    each_row(dataset_, estate_, spelling_, 0, [&](const Row& row) {
      if (!wanted(row)) return true;
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
    });
    for (const Group& group : groups) {
      if (on_page(total_)) {
        std::vector<Field> fields;
        for (std::size_t i = 0; i < question_.groupby.size(); ++i) {
          fields.push_back({.key = question_.groupby[i], .text = group.values[i]});
        }
        add_counts(fields, group.part, group.whole);
        append(fields, total_, group.whole == 0);
      }
      ++total_;
    }
  }
  void add_counts(std::vector<Field>& fields, double part, double whole) const {
    const bool usage = dataset_ == Dataset::kUsage;
    const bool singular = spelling_.singular_active.value_or(false);
    fields.push_back({.key = !usage     ? "licensesDeployed"
                             : singular ? "licenseActive"
                                        : "licensesActive",
                      .kind = Kind::kCount,
                      .number = part});
    fields.push_back({.key = usage ? "licensesQualified" : "licensesSold",
                      .kind = Kind::kCount,
                      .number = whole});
  }
  void write(const Row& row, std::size_t index) {
    std::vector<Field>& f = row_;
    f.clear();
    f.push_back({.key = "processedDateTime",
                 .kind = Kind::kDate,
                 .when = processed(row.holding.service_code)});
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
    add_counts(f, row.part(), row.whole());
    append(f, index, row.whole() == 0);
  }
  void append(const std::vector<Field>& fields, std::size_t index, bool percent_of_nothing) {
    for (int copy = 0; copy < (spelling_.duplicate_rows ? 2 : 1); ++copy) {
      if (!rows_.empty()) rows_ += ',';
      append_row(rows_, fields, spelling_, index, DateSpelling::kNoOffset, percent_of_nothing);
    }
  }

  const Dataset dataset_;
  const Estate& estate_;
  const Spelling& spelling_;
  const Question& question_;
  std::string rows_;
  std::size_t total_ = 0;
  std::vector<Field> row_;
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
                            const Settings& settings, const Spelling& spelling) {
  const auto read = read_question(dataset, request);
  if (const auto* problem = std::get_if<std::string>(&read))
    return error_answer(400, "3000", *problem);
  const auto& question = std::get<Question>(read);
  Page page(dataset, estate, spelling, question);
  page.read();
  std::string link = "null";
  if (const auto next = next_link(request, question, page.total(), settings); !next.empty()) {
    link.clear();
    append_json_string(link, next);
  }
  std::string body;
  body.reserve(page.rows().size() + 200);
  body += spelling.lower_case_keys ? "{\"value\":[" : "{\"Value\":[";
  body += page.rows();
  body += "],\"@nextLink\":" + link;
  if (!spelling.missing_optional) {
    body += fmt::format(",\"{}\":{}", spelling.lower_case_keys ? "totalcount" : "TotalCount",
                        page.total());
  }
  body += '}';
  return json_answer(200, std::move(body));
}

}  // namespace simulator
