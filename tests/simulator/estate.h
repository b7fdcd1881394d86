#pragma once
// The simulated partner's customers and what they bought, assigned and used.
//
// An Estate is a value: it is computed from (seed, customers, products) on the fly, so that a large
// one costs no memory, plus the edits made at run time. Customer number 0 is the one of Microsoft's
// documents, 1…N are made up and depend on the seed and their number only: a larger estate begins
// with the same customers.
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/simulator/catalogue.h"
#include "tests/simulator/dates.h"

namespace simulator {

inline constexpr std::string_view kSeedCustomerId = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";

struct Usage {
  Workload workload;
  std::int64_t active = 0;
  std::int64_t qualified = 0;
};

// One product of one customer in one channel: a deployment row and a usage row per workload. The
// views point into the catalogue or into the edits of the estate the holding came from; use it no
// longer than that.
struct Holding {
  std::string_view product;
  std::string_view product_id;
  std::string_view service_code;
  std::string_view channel;
  std::int64_t sold = 0;
  std::int64_t deployed = 0;
  std::vector<Usage> usage;
};

struct Customer {
  std::size_t number = 0;
  std::string id;    // lower case
  std::string name;  // normal case
  std::string domain;
  int reseller = -1;  // index into resellers(); -1: sold by the partner itself
  std::vector<Holding> holdings;
};

enum class Dataset { kDeployment, kUsage };

struct EstateShape {
  std::uint64_t seed = 1;
  std::size_t customers = 25;
  std::optional<std::size_t> products;  // per customer; absent: 1…6, different by customer
};

struct EditedUsage {
  std::string workload;
  std::int64_t active = 0;
  std::int64_t qualified = 0;
};
struct EditedProduct {
  std::string name, service_code = "o365", channel = "reseller", id;
  std::int64_t sold = 0;
  std::int64_t deployed = 0;
  std::vector<EditedUsage> usage;
};
struct AddedCustomer {
  std::string id, name, domain;
  int reseller = -1;
  std::vector<EditedProduct> products;
};
struct RowEdit {
  std::optional<std::int64_t> sold, deployed;
  std::map<std::string, std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>> usage;
};

class Estate {
 public:
  explicit Estate(EstateShape shape);

  // All customers that have ever been, by number; removed ones stay until `listed` is asked.
  std::size_t numbers() const { return 1 + shape_.customers + added_.size(); }
  bool listed(std::size_t number) const;
  Customer customer(std::size_t number) const;
  std::optional<std::size_t> find(
      std::string_view id) const;  // any case; removed ones are not found

  std::size_t rows(Dataset dataset) const { return rows_before(dataset).back(); }
  // Rows before customer number i; one past the end.
  const std::vector<std::uint32_t>& rows_before(Dataset dataset) const {
    return dataset == Dataset::kDeployment ? deployment_before_ : usage_before_;
  }
  // Another one after every change: what was learned about an estate holds for its version only.
  std::uint64_t version() const { return version_; }

  // When the rows of this service were processed; deployment and usage, o365 and crm all differ.
  Instant processed(Dataset dataset, std::string_view service_code) const;

  // Edits. Each returns false when the customer (or product) is not there.
  bool remove(std::string_view id);
  bool restore(std::string_view id);
  bool rename(std::string_view id, std::string name);
  bool add(AddedCustomer customer);  // false: the id is taken
  bool edit_row(std::string_view id, std::string_view product, const RowEdit& edit);
  void set_list_emptied(bool emptied) { list_emptied_ = emptied; }
  bool list_emptied() const { return list_emptied_; }
  void set_data_emptied(bool emptied) {
    data_emptied_ = emptied;
  }  // the silent emptiness of issue #378
  bool data_emptied() const { return data_emptied_; }
  // A processing run lands, whose dates are so many days after those of the run before.
  void reprocess(int days);
  // Processing runs since the start.
  std::size_t generation() const { return run_days_.size() - 1; }
  // Whether every number tells the run it is from, whatever it was before: sold and qualified are
  // 1000 + generation, deployed and active are the generation.
  void set_generation_in_rows(bool stamped) { generation_in_rows_ = stamped; }
  bool generation_in_rows() const { return generation_in_rows_; }
  // Puts in the numbers the holding had in the run whose dates were `ago` before the latest ones;
  // before the first run there were the same as in it.
  void as_of(std::chrono::days ago, Holding& holding) const;
  void index();  // to be called after edits, before rows(), rows_before() and version()

  const EstateShape& shape() const { return shape_; }

 private:
  Customer made_up(std::size_t number) const;
  std::optional<std::size_t> find_any(std::string_view id) const;

  EstateShape shape_;
  std::vector<int> run_days_{0};  // per run, days after the dates of Microsoft's documents
  bool generation_in_rows_ = false;
  std::uint64_t version_ = 0;
  bool list_emptied_ = false;
  bool data_emptied_ = false;
  std::set<std::size_t> removed_;
  std::map<std::size_t, std::string> names_;
  std::map<std::size_t, std::map<std::string, RowEdit, std::less<>>> row_edits_;
  std::vector<AddedCustomer> added_;
  std::shared_ptr<const std::unordered_map<std::string, std::size_t>> ids_;  // of the made-up ones
  std::vector<std::uint32_t> deployment_before_,
      usage_before_;  // rows before customer number i; one past the end
};

// The number i with before[i] <= row < before[i + 1], and row - before[i]; past the last row
// {before.size() - 1, 0}.
std::pair<std::size_t, std::size_t> seek(const std::vector<std::uint32_t>& before, std::size_t row);

// The current estate. Readers take a snapshot and keep it; edits make a new one. Any thread.
class EstateHolder {
 public:
  explicit EstateHolder(Estate estate)
      : current_(std::make_shared<const Estate>(std::move(estate))) {}
  std::shared_ptr<const Estate> get() const {
    const std::scoped_lock lock(mutex_);
    return current_;
  }
  // `edit` gets a copy and says whether it is to become the current estate; edits happen one after
  // the other.
  template <typename Edit>
  bool update(Edit edit) {
    const std::scoped_lock one_at_a_time(edit_mutex_);
    Estate next(*get());
    if (!edit(next)) return false;
    next.index();
    auto published = std::make_shared<const Estate>(std::move(next));
    const std::scoped_lock lock(mutex_);
    current_.swap(published);
    return true;
  }

 private:
  std::mutex edit_mutex_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Estate> current_;
};

}  // namespace simulator
