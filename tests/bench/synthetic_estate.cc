#include "tests/bench/synthetic_estate.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>

#include "exporter/insights/catalog.h"
#include "exporter/insights/customer_info.h"

namespace pce {
namespace {

// Each customer has four of them that stand together, and so are in order.
constexpr const char* kProducts[] = {"AZURE ACTIVE DIRECTORY PREMIUM P1",
                                     "AZURE ACTIVE DIRECTORY PREMIUM P2",
                                     "AZURE INFORMATION PROTECTION PREMIUM P1",
                                     "DYNAMICS 365 CUSTOMER ENGAGEMENT PLAN",
                                     "DYNAMICS 365 FOR SALES",
                                     "ENTERPRISE MOBILITY + SECURITY E3",
                                     "ENTERPRISE MOBILITY + SECURITY E5",
                                     "EXCHANGE ONLINE (PLAN 1)",
                                     "EXCHANGE ONLINE (PLAN 2)",
                                     "EXCHANGE ONLINE KIOSK",
                                     "MICROSOFT 365 BUSINESS BASIC",
                                     "MICROSOFT 365 BUSINESS PREMIUM",
                                     "MICROSOFT 365 E3",
                                     "MICROSOFT 365 E5",
                                     "MICROSOFT 365 F1",
                                     "OFFICE 365 BUSINESS ESSENTIALS",
                                     "OFFICE 365 ENTERPRISE E1",
                                     "OFFICE 365 ENTERPRISE E3",
                                     "OFFICE 365 ENTERPRISE E5",
                                     "POWER BI PRO",
                                     "PROJECT ONLINE PROFESSIONAL",
                                     "SHAREPOINT ONLINE (PLAN 1)",
                                     "SKYPE FOR BUSINESS ONLINE (PLAN 2)",
                                     "VISIO ONLINE PLAN 2"};
constexpr std::size_t kProductsOfOne = 4;
constexpr const char* kWorkloads[] = {"Exchange", "OneDrive", "SharePoint", "Teams", "Yammer"};
constexpr std::size_t kWorkloadsOfOne = 3;

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ x >> 31) * 0x9E3779B97F4A7C15U;
  x = (x ^ x >> 29) * 0xBF58476D1CE4E5B9U;
  return x ^ x >> 32;
}

// A whole, a part of it, and the percentage that the bulk reports leave to us.
void set_values(Record& record, std::uint64_t random) {
  const auto whole = static_cast<std::int64_t>(1 + random % 500);
  const auto part = static_cast<std::int64_t>(random >> 32) % (whole + 1);
  record.values[0] = Number::whole(whole);
  record.values[1] = Number::whole(part);
  record.values[2] = percent_of(record.values[1], record.values[0]);
}

class Customer {
 public:
  Customer(std::size_t i, std::size_t edition, LabelPool& labels)
      : number_(i), labels_(&labels), random_(mixed(i + 1)), seed_(random_ + edition * 1000) {
    char id[40];
    std::snprintf(
        id, sizeof id, "%08x-%04x-4%03x-8%03x-%012zx", static_cast<unsigned>(random_ >> 32),
        static_cast<unsigned>(random_ >> 16 & 0xFFFF), static_cast<unsigned>(random_ >> 4 & 0xFFF),
        static_cast<unsigned>(random_ & 0xFFF), i);
    id_ = id;
  }

  const std::string& id() const { return id_; }

  std::shared_ptr<const Slice> deployment() const {
    Slice slice = slice_of(*find_data_set("customer_deployment"));
    slice.records.reserve(kProductsOfOne);
    for (std::size_t product = 0; product < kProductsOfOne; ++product) {
      Record& record = slice.records.emplace_back();
      record.labels = labels_->intern(LabelRow::Texts{labels_->intern("reseller"),
                                                      labels_->intern(product_name(product)),
                                                      labels_->intern("o365")});
      set_values(record, mixed(seed_ + product));
    }
    return std::make_shared<const Slice>(std::move(slice));
  }

  std::shared_ptr<const Slice> usage() const {
    Slice slice = slice_of(*find_data_set("customer_usage"));
    slice.records.reserve(12);
    for (std::size_t i = 0; i < 12; ++i) {
      Record& record = slice.records.emplace_back();
      record.labels = labels_->intern(
          LabelRow::Texts{labels_->intern("reseller"), labels_->intern(product_name(i / 3)),
                          labels_->intern("o365"), labels_->intern(workload_name(i / 3, i % 3))});
      set_values(record, mixed(seed_ + 16 + i));
    }
    return std::make_shared<const Slice>(std::move(slice));
  }

  std::shared_ptr<const Slice> info() const {
    Slice slice = slice_of(customer_info());
    slice.processed.clear();
    slice.records = {customer_info_record("customer" + std::to_string(number_) + ".onmicrosoft.com",
                                          "reseller", "", *labels_)};
    return std::make_shared<const Slice>(std::move(slice));
  }

 private:
  Slice slice_of(const DataSet& data_set) const {
    Slice slice{.key = {&data_set, id_, "contoso"}, .partner = labels_->intern("contoso")};
    slice.customer = labels_->intern("Customer Number " + std::to_string(number_) + " Ltd");
    slice.customer_id = labels_->intern(id_);
    slice.processed = {{labels_->intern("o365"), WallTime{}}};
    return slice;
  }

  // Number `i` of its products, and of the workloads of one of them.
  const char* product_name(std::size_t i) const {
    return kProducts[random_ % (std::size(kProducts) - kProductsOfOne + 1) + i];
  }
  const char* workload_name(std::size_t product, std::size_t i) const {
    return kWorkloads[(random_ + product) % (std::size(kWorkloads) - kWorkloadsOfOne + 1) + i];
  }

  std::size_t number_;
  LabelPool* labels_;
  std::uint64_t random_, seed_;
  std::string id_;
};

}  // namespace

std::vector<std::shared_ptr<const Slice>> customer_slices(std::size_t i, std::size_t edition,
                                                          LabelPool& labels) {
  const Customer customer(i, edition, labels);
  return {customer.deployment(), customer.usage(), customer.info()};
}

std::vector<std::shared_ptr<const Slice>> estate_slices(std::size_t customers, std::size_t edition,
                                                        LabelPool& labels) {
  std::vector<Customer> all;
  for (std::size_t i = 0; i < customers; ++i) all.emplace_back(i, edition, labels);
  std::ranges::sort(all, {}, &Customer::id);
  std::vector<std::shared_ptr<const Slice>> slices;
  slices.reserve(3 * customers);
  for (const Customer& customer : all) slices.push_back(customer.info());
  for (const Customer& customer : all) slices.push_back(customer.deployment());
  for (const Customer& customer : all) slices.push_back(customer.usage());
  return slices;
}

}  // namespace pce
