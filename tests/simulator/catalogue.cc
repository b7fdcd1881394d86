#include "tests/simulator/catalogue.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tests/simulator/text.h"

namespace simulator {
namespace {

constexpr Workload kExchange{"EXO", "Exchange"};
constexpr Workload kSharePoint{"SPO", "SharePoint"};
constexpr Workload kSkype{"SFB", "Skype For Business"};
constexpr Workload kTeams{"TEAMS", "Teams"};
constexpr Workload kCrm{"CRM", "Microsoft Dynamics CRM"};
constexpr Workload kYammer{"YAMMER", "Yammer"};
constexpr std::array kWorkloads{kExchange, kSharePoint, kSkype, kTeams, kCrm, kYammer};

enum class Kind { kSuite, kMail, kSites, kVoice, kCrmPlan };

struct Known {
  std::string_view name;
  Kind kind;
};

constexpr std::array kKnown{
    Known{"OFFICE 365 BUSINESS ESSENTIALS", Kind::kSuite},
    Known{"EXCHANGE ONLINE (PLAN 1)", Kind::kMail},
    Known{"EXCHANGE ONLINE ARCHIVING FOR EXCHANGE ONLINE", Kind::kMail},
    Known{"OFFICE 365 BUSINESS PREMIUM", Kind::kSuite},
    Known{"DYNAMICS 365 PLAN 1 ENTERPRISE EDITION", Kind::kCrmPlan},
    Known{"OFFICE 365 ENTERPRISE E1", Kind::kSuite},
    Known{"OFFICE 365 ENTERPRISE E3", Kind::kSuite},
    Known{"SHAREPOINT ONLINE (PLAN 2)", Kind::kSites},
    Known{"DYNAMICS 365 FOR SALES ENTERPRISE EDITION", Kind::kCrmPlan},
    Known{"OFFICE 365 ENTERPRISE E5", Kind::kSuite},
    Known{"EXCHANGE ONLINE (PLAN 2)", Kind::kMail},
    Known{"OFFICE 365 ENTERPRISE K1", Kind::kSuite},
    Known{"SKYPE FOR BUSINESS ONLINE (PLAN 2)", Kind::kVoice},
    Known{"MICROSOFT 365 BUSINESS", Kind::kSuite},
    Known{"DYNAMICS CRM ONLINE PROFESSIONAL", Kind::kCrmPlan},
    Known{"OFFICE 365 EDUCATION E5", Kind::kSuite},
    Known{"SHAREPOINT ONLINE (PLAN 1)", Kind::kSites},
    Known{"OFFICE 365 F1", Kind::kSuite},
    Known{"EXCHANGE ONLINE KIOSK", Kind::kMail},
    Known{"DYNAMICS 365 FOR TEAM MEMBERS ENTERPRISE EDITION", Kind::kCrmPlan},
};

std::vector<Workload> workloads_of(Kind kind) {
  switch (kind) {
    case Kind::kSuite:
      return {kExchange, kSharePoint, kSkype};
    case Kind::kMail:
      return {kExchange};
    case Kind::kSites:
      return {kSharePoint};
    case Kind::kVoice:
      return {kSkype};
    case Kind::kCrmPlan:
      return {kCrm, kSharePoint};
  }
  return {};
}

std::vector<Product> make_products() {
  std::vector<Product> all;
  for (std::size_t i = 0; i < kProductsMax; ++i) {
    const Known& known = kKnown[i % kKnown.size()];
    Product product;
    product.name = i < kKnown.size() ? std::string(known.name)
                                     : fmt::format("{} ADD-ON {}", known.name, i / kKnown.size());
    product.id = upper(guid_from(hash_text(product.name)));
    product.service_code = known.kind == Kind::kCrmPlan ? "crm" : "o365";
    product.workloads = workloads_of(known.kind);
    product.three_workloads = product.workloads;
    for (const Workload& filler : {kTeams, kYammer}) {
      if (product.three_workloads.size() < 3) product.three_workloads.push_back(filler);
    }
    all.push_back(std::move(product));
  }
  return all;
}

constexpr std::array kResellers{
    Reseller{"9a1e0c55-3f0b-4c8e-8d27-5b7c0f6d1a01", "Northwind Reselling", "4390001"},
    Reseller{"9a1e0c55-3f0b-4c8e-8d27-5b7c0f6d1a02", "Süd-IT \"Partner\" AG", "4390002"},
    Reseller{"9a1e0c55-3f0b-4c8e-8d27-5b7c0f6d1a03", "Tailspin Services", "4390003"},
};

std::string two_hundred_characters() {
  std::string name = "The Very Long And Winding Company Name ";
  while (name.size() < 199) name += "Of Many Words ";
  name.resize(199);
  return name + "X";  // a last character that no trimming takes away
}

std::string peculiar(std::size_t kind) {
  switch (kind) {
    case 1:
      return "Proseware \"The Best\" Inc.";
    case 2:
      return "Back\\slash\\Works\\";
    case 3:
      return "Müller & Söhne Bürogeräte Straßenbau GmbH";
    case 4:
      return "株式会社コントソ東京";
    case 5:
      return "Rocket 🚀 Labs 👩‍💻";
    case 6:
      return two_hundred_characters();
    case 7:
    case 8:
      return "Adventure Works";
    case 9:
      return "  Leading and trailing space  ";
    case 10:
      return "O'Brien's Ltd, {a=\"b\"} <i>&amp;</i>";
    case 11:
      return "Two\nLines\tand a tab";
    case 12:
      return "Ελληνικά Δίκτυα Α.Ε.";
    case 13:
      return "Ромашка и Ко";
    case 14:
      return "שלום תקשורת";
    case 15:
      return "Zoë Café e\u0301 (combining)";
    default:
      return "Contoso 100% 50/50 $HOME #1";
  }
}

}  // namespace

std::span<const Product> products() {
  static const std::vector<Product> all = make_products();
  return all;
}

const Product* product_named(std::string_view name) {
  const auto all = products();
  const auto found = std::ranges::find(all, name, &Product::name);
  return found == all.end() ? nullptr : &*found;
}

std::string_view service_display_name(std::string_view service_code) {
  if (service_code == "o365") return "Microsoft Office 365";
  if (service_code == "crm") return "Microsoft Dynamics";
  return service_code;
}

Workload workload_named(std::string_view name) {
  const auto* found = std::ranges::find(kWorkloads, name, &Workload::name);
  return found == kWorkloads.end() ? Workload{name, name} : *found;
}

std::span<const Reseller> resellers() { return kResellers; }

std::string customer_name(std::uint64_t seed, std::size_t number) {
  static constexpr std::array kFirst{"Fabrikam", "Contoso",   "Litware", "Wingtip",
                                     "Alpine",   "Fourth",    "Graphic", "Lucerne",
                                     "Margie",   "Relecloud", "Trey",    "Woodgrove"};
  static constexpr std::array kSecond{"Toys",     "Bank",     "Travel",     "Coffee",
                                      "Research", "Airlines", "Publishing", "Design",
                                      "Vineyard", "Pharma",   "Insurance"};
  static constexpr std::array kThird{"Inc.", "Ltd", "GmbH", "S.A.", "B.V.", "Co"};
  if (number <= 16) return peculiar(number == 16 ? 0 : number);
  if (number % 8 == 0) return fmt::format("{} {}", peculiar(number / 8 % 16), number);
  const std::uint64_t h = mix(seed ^ number * 0x51ED2701ULL);
  return fmt::format("{} {} {} {}", kFirst[h % kFirst.size()], kSecond[(h >> 16U) % kSecond.size()],
                     kThird[(h >> 32U) % kThird.size()], number);
}

}  // namespace simulator
