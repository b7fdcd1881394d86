#pragma once
// Which rows a commercial insight has for one question, in the order they are served, and how many
// of them come before each customer: so that a page is found without reading the pages before it.
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tests/simulator/classic.h"
#include "tests/simulator/commercial_question.h"
#include "tests/simulator/estate.h"
#include "tests/simulator/spelling.h"
#include "tests/simulator/text.h"

namespace simulator {

struct CommercialRow {
  std::string_view upper_name;
  std::string_view id;  // as spelt
  const Holding& holding;
  const Usage* usage;  // null in deployment

  std::string_view value(std::string_view field) const;
  double part() const { return static_cast<double>(usage ? usage->active : holding.deployed); }
  double whole() const { return static_cast<double>(usage ? usage->qualified : holding.sold); }
};

// Borrows everything it is made of.
class CommercialRows {
 public:
  CommercialRows(Dataset dataset, const Estate& estate, const Spelling& spelling,
                 const Question& question);

  Dataset dataset() const { return dataset_; }
  const Estate& estate() const { return estate_; }
  const Question& question() const { return question_; }
  const Spelling& spelling() const { return spelling_; }

  // Without a date the latest run; a date names a run of the last 30 days (a guess).
  Instant processed(std::string_view service) const;

  // Whether the question leaves this customer anything at all, told without looking at its rows.
  bool concerns(std::size_t number) const {
    return estate_.listed(number) && number != without_ && (!only_ || *only_ == number);
  }
  // Whether every row of the customers it concerns is wanted.
  bool wants_all() const { return !question_.filter && !question_.day; }

  // The wanted rows of one customer, until `visit` returns false.
  template <typename Visit>
  bool each(std::size_t number, Visit visit) const {
    if (!concerns(number)) return true;
    const Customer customer = estate_.customer(number);
    const std::string name = upper(customer.name);
    const std::string id =
        spelling_.upper_case_ids.value_or(true) ? upper(customer.id) : customer.id;
    for (Holding holding : customer.holdings) {
      if (!of_the_day(holding)) continue;
      holding = as_spelt(std::move(holding), spelling_);
      const std::size_t count = dataset_ == Dataset::kUsage ? holding.usage.size() : 1;
      for (std::size_t i = 0; i < count; ++i) {
        const CommercialRow row{name, id, holding,
                                dataset_ == Dataset::kUsage ? &holding.usage[i] : nullptr};
        if (wanted(row) && !visit(row)) return false;
      }
    }
    return true;
  }

 private:
  // Whether the day asked for has a run of this service; its numbers are put in.
  bool of_the_day(Holding& holding) const;
  bool wanted(const CommercialRow& row) const;

  const Dataset dataset_;
  const Estate& estate_;
  const Spelling& spelling_;
  const Question& question_;
  std::optional<std::size_t> only_, without_;
};

// Remembers the counts of the latest questions, because clients ask the same one page by page. Any
// thread.
class RowCounts {
 public:
  using Counts = std::shared_ptr<const std::vector<std::uint32_t>>;
  // Rows before customer number i; one past the end.
  Counts before(const CommercialRows& rows);

 private:
  // Version of the estate, data set, filter, day, customer left out.
  using Key = std::tuple<std::uint64_t, Dataset, std::string, std::int64_t, std::string>;
  static constexpr std::size_t kKept = 8;

  std::mutex mutex_;
  std::vector<std::pair<Key, Counts>> known_;  // newest last
};

}  // namespace simulator
