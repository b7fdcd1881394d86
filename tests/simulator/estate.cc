#include "tests/simulator/estate.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

std::uint64_t number_hash(std::uint64_t seed, std::size_t number) {
  return mix(mix(seed) ^ static_cast<std::uint64_t>(number) * 0xD1B54A32D192ED03ULL);
}

std::size_t product_count(const EstateShape& shape, std::size_t number) {
  if (shape.products) return *shape.products;
  return 1 + number_hash(shape.seed, number) % 6;
}

// Products of one customer are different ones: steps of 7 through the catalogue's first 20 (or all,
// when more are asked for) never meet before they went round, as neither length is a multiple of 7.
const Product& nth_product(const EstateShape& shape, std::size_t number, std::size_t n) {
  const std::size_t wanted = product_count(shape, number);
  const std::size_t choice = wanted <= 20 ? 20 : kProductsMax;
  return products()[(number_hash(shape.seed, number) / 6 + n * 7) % choice];
}

Holding make_holding(const EstateShape& shape, std::size_t number, std::size_t n) {
  const Product& product = nth_product(shape, number, n);
  const std::uint64_t h = mix(number_hash(shape.seed, number) + n);
  const auto pick = [&](unsigned shift, std::uint64_t range) {
    return static_cast<std::int64_t>((h >> shift) % range);
  };
  Holding holding{.product = product.name,
                  .product_id = product.id,
                  .service_code = product.service_code,
                  .channel = pick(40, 12) == 0 ? "direct" : "reseller",
                  .usage = {}};
  holding.sold = pick(8, 11) == 0 ? 0 : 1 + pick(0, pick(20, 5) == 0 ? 900 : 60);
  holding.deployed = pick(12, 9) == 0 && holding.sold > 0
                         ? holding.sold + 1 + pick(16, 8)
                         : pick(24, static_cast<std::uint64_t>(holding.sold) + 1);
  const auto& workloads = shape.products ? product.three_workloads : product.workloads;
  std::uint64_t w = h;
  for (const Workload& workload : workloads) {
    w = mix(w);
    const auto qualified = holding.sold;
    const bool over = w % 10 == 0 && qualified > 0;
    const auto active =
        over ? qualified + 1 + static_cast<std::int64_t>((w >> 8U) % 5)
             : static_cast<std::int64_t>((w >> 16U) % static_cast<std::uint64_t>(qualified + 1));
    holding.usage.push_back({workload, active, qualified});
  }
  return holding;
}

// Exactly what Microsoft's document prints for this customer, and usage to match.
Customer seed_customer() {
  Customer customer{.number = 0,
                    .id = std::string(kSeedCustomerId),
                    .name = "DT Demo CSP Customer 005",
                    .domain = "dtdemocspcustomer005.onmicrosoft.com",
                    .holdings = {}};
  for (const auto& [name, sold] :
       {std::pair{"OFFICE 365 BUSINESS ESSENTIALS", 1}, std::pair{"EXCHANGE ONLINE (PLAN 1)", 5},
        std::pair{"EXCHANGE ONLINE ARCHIVING FOR EXCHANGE ONLINE", 2}}) {
    const Product& product = *product_named(name);
    Holding holding{.product = product.name,
                    .product_id = product.id,
                    .service_code = product.service_code,
                    .channel = "reseller",
                    .sold = sold,
                    .usage = {}};
    for (const Workload& workload : product.workloads) holding.usage.push_back({workload, 0, sold});
    customer.holdings.push_back(std::move(holding));
  }
  return customer;
}

std::string domain_for(std::string_view name, std::size_t number) {
  std::string domain;
  for (const char c : ascii_lower(name)) {
    if (((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && domain.size() < 20) domain += c;
  }
  return fmt::format("{}{}.onmicrosoft.com", domain.empty() ? "customer" : domain, number);
}

void stamp(std::size_t generation, Holding& holding) {
  const auto part = static_cast<std::int64_t>(generation);
  holding.deployed = part;
  holding.sold = 1000 + part;
  for (Usage& usage : holding.usage) {
    usage.active = part;
    usage.qualified = 1000 + part;
  }
}

std::string made_up_id(std::uint64_t seed, std::size_t number) {
  return guid_from(number_hash(seed, number) ^ 0x1D5ULL);
}

}  // namespace

Estate::Estate(EstateShape shape) : shape_(shape) {
  auto ids = std::make_shared<std::unordered_map<std::string, std::size_t>>();
  ids->emplace(kSeedCustomerId, 0);
  for (std::size_t number = 1; number <= shape_.customers; ++number) {
    ids->emplace(made_up_id(shape_.seed, number), number);
  }
  ids_ = std::move(ids);
  index();
}

bool Estate::listed(std::size_t number) const {
  return number < numbers() && !removed_.contains(number);
}

Customer Estate::made_up(std::size_t number) const {
  const std::uint64_t h = number_hash(shape_.seed, number);
  Customer customer{.number = number,
                    .id = made_up_id(shape_.seed, number),
                    .name = customer_name(shape_.seed, number),
                    .domain = {},
                    .reseller = static_cast<int>((h >> 32U) % (resellers().size() + 1)) - 1,
                    .holdings = {}};
  customer.domain = domain_for(customer.name, number);
  const std::size_t count = product_count(shape_, number);
  customer.holdings.reserve(count);
  for (std::size_t n = 0; n < count; ++n)
    customer.holdings.push_back(make_holding(shape_, number, n));
  return customer;
}

Customer Estate::customer(std::size_t number) const {
  Customer customer;
  if (number == 0) {
    customer = seed_customer();
  } else if (number <= shape_.customers) {
    customer = made_up(number);
  } else {
    const AddedCustomer& added = added_.at(number - shape_.customers - 1);
    customer = {.number = number,
                .id = added.id,
                .name = added.name,
                .domain = added.domain,
                .reseller = added.reseller,
                .holdings = {}};
    if (customer.domain.empty()) customer.domain = domain_for(customer.name, number);
    for (const EditedProduct& p : added.products) {
      Holding holding{.product = p.name,
                      .product_id = p.id,
                      .service_code = p.service_code,
                      .channel = p.channel,
                      .sold = p.sold,
                      .deployed = p.deployed,
                      .usage = {}};
      for (const EditedUsage& u : p.usage) {
        holding.usage.push_back({workload_named(u.workload), u.active, u.qualified});
      }
      customer.holdings.push_back(std::move(holding));
    }
  }
  if (const auto name = names_.find(number); name != names_.end()) customer.name = name->second;
  if (generation_in_rows_) {
    for (Holding& holding : customer.holdings) stamp(generation(), holding);
    return customer;
  }
  const auto edits = row_edits_.find(number);
  if (edits == row_edits_.end()) return customer;
  for (Holding& holding : customer.holdings) {
    const auto edit = edits->second.find(holding.product);
    if (edit == edits->second.end()) continue;
    holding.sold = edit->second.sold.value_or(holding.sold);
    holding.deployed = edit->second.deployed.value_or(holding.deployed);
    for (Usage& usage : holding.usage) {
      const auto changed = edit->second.usage.find(std::string(usage.workload.name));
      if (changed == edit->second.usage.end()) continue;
      usage.active = changed->second.first.value_or(usage.active);
      usage.qualified = changed->second.second.value_or(usage.qualified);
    }
  }
  return customer;
}

std::optional<std::size_t> Estate::find_any(std::string_view id) const {
  const std::string wanted = ascii_lower(id);
  if (const auto found = ids_->find(wanted); found != ids_->end()) return found->second;
  const auto added = std::ranges::find(added_, wanted, &AddedCustomer::id);
  if (added == added_.end()) return std::nullopt;
  return 1 + shape_.customers + static_cast<std::size_t>(added - added_.begin());
}

std::optional<std::size_t> Estate::find(std::string_view id) const {
  const auto number = find_any(id);
  return number && listed(*number) ? number : std::nullopt;
}

std::pair<std::size_t, std::size_t> seek(const std::vector<std::uint32_t>& before,
                                         std::size_t row) {
  const auto next = std::ranges::upper_bound(before, row);
  if (next == before.end()) return {before.size() - 1, 0};
  const auto number = static_cast<std::size_t>(next - before.begin()) - 1;
  return {number, row - before[number]};
}

void Estate::reprocess(int days) { run_days_.push_back(run_days_.back() + days); }

void Estate::as_of(std::chrono::days ago, Holding& holding) const {
  if (!generation_in_rows_) return;
  const auto wanted = run_days_.back() - ago.count();
  auto run = run_days_.size();
  while (run > 1 && run_days_[run - 1] > wanted) --run;
  stamp(run - 1, holding);
}

// The four instants of Microsoft's documents, moved on by a day with every processing run.
Instant Estate::processed(Dataset dataset, std::string_view service_code) const {
  using namespace std::chrono;
  const bool crm = service_code == "crm";
  Instant when = sys_days(2017y / March /
                          (dataset == Dataset::kDeployment ? (crm ? 10 : 14) : (crm ? 10 : 9)));
  if (dataset == Dataset::kDeployment) when += crm ? 0ms : 3h + 25min + 16s + 360ms;
  return when + days(run_days_.back());
}

bool Estate::remove(std::string_view id) {
  const auto number = find(id);
  return number && removed_.insert(*number).second;
}

bool Estate::restore(std::string_view id) {
  const auto number = find_any(id);
  return number && removed_.erase(*number) > 0;
}

bool Estate::rename(std::string_view id, std::string name) {
  const auto number = find(id);
  if (number) names_[*number] = std::move(name);
  return number.has_value();
}

bool Estate::add(AddedCustomer customer) {
  customer.id = ascii_lower(customer.id);
  if (find_any(customer.id)) return false;
  for (EditedProduct& product : customer.products) {
    const Product* known = product_named(product.name);
    if (product.id.empty())
      product.id = known ? known->id : upper(guid_from(hash_text(product.name)));
  }
  added_.push_back(std::move(customer));
  return true;
}

bool Estate::edit_row(std::string_view id, std::string_view product, const RowEdit& edit) {
  const auto number = find(id);
  if (!number) return false;
  const Customer current = customer(*number);
  if (std::ranges::find(current.holdings, product, &Holding::product) == current.holdings.end())
    return false;
  RowEdit& kept = row_edits_[*number][std::string(product)];
  if (edit.sold) kept.sold = edit.sold;
  if (edit.deployed) kept.deployed = edit.deployed;
  for (const auto& [workload, change] : edit.usage) {
    auto& known = kept.usage[workload];
    if (change.first) known.first = change.first;
    if (change.second) known.second = change.second;
  }
  return true;
}

void Estate::index() {
  static std::atomic<std::uint64_t> last_version{0};
  version_ = ++last_version;
  deployment_before_.assign(1, 0);
  usage_before_.assign(1, 0);
  for (std::size_t number = 0; number < numbers(); ++number) {
    std::size_t deployment = 0;
    std::size_t usage = 0;
    if (listed(number) && number > 0 && number <= shape_.customers) {
      deployment = product_count(shape_, number);
      for (std::size_t n = 0; n < deployment; ++n) {
        const Product& product = nth_product(shape_, number, n);
        usage += shape_.products ? product.three_workloads.size() : product.workloads.size();
      }
    } else if (listed(number)) {
      for (const Holding& holding : customer(number).holdings) {
        ++deployment;
        usage += holding.usage.size();
      }
    }
    deployment_before_.push_back(deployment_before_.back() +
                                 static_cast<std::uint32_t>(deployment));
    usage_before_.push_back(usage_before_.back() + static_cast<std::uint32_t>(usage));
  }
}

}  // namespace simulator
