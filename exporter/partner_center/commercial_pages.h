#pragma once
// Reads a commercial insight whole, page after page, as of one processing run.
// Source: Partner Center REST docs, "Get licenses deployment information", "Get licenses usage
// information": at most 10 000 rows a page, top and skip, an @nextLink that is never shown, a
// TotalCount of which it is not said whether it counts the page or all.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/units.h"
#include "exporter/partner_center/client.h"
#include "exporter/partner_center/next_link.h"

namespace pce {

inline constexpr std::size_t kCommercialRowsPerPage = 10'000;
inline constexpr std::size_t kCommercialPagesMax = 2000;  // of one reading: 20 million rows

struct CommercialQuestion {
  std::string_view operation;    // see ApiCall
  std::string path;              // "analytics/commercial/usage/license"
  std::string filter{};          // as written, encoded here: "customerTenantId eq 'a'"
  std::string group_by{};        // "serviceCode,channel"
  std::string processed_date{};  // processedDateTime; empty: the newest
  std::string correlation_id{};  // see ApiCall
};

// What the reader of a page found in it.
struct PageFacts {
  std::size_t rows = 0;                    // elements of the array, usable or not
  std::optional<std::string> next_link{};  // as written
  std::optional<std::int64_t> total_count{};
  std::map<std::string, WallTime> processed{};  // newest processing date per service
};

// Takes one page. After kMalformed the same page is read once more, by the same reader: one that
// fails must have kept nothing of that page.
using PageReader = std::function<Result<PageFacts>(std::string_view body)>;

struct PagesRead {
  std::size_t pages = 0, rows = 0;
  std::optional<std::int64_t> total_count{};  // of the last page that said it
  int restarts = 0;
};

struct FirstPage {
  PagesRead read{};
  bool is_all = true;  // otherwise more pages follow
};

// One per account. Remembers which spelling of a path answered. Any thread.
class CommercialPages {
 public:
  explicit CommercialPages(PartnerCenterClient& client) : client_(client) {}

  // Reads all pages in order. `begin` is called before the first page and again after each restart,
  // and gives a fresh reader: what a former one read is void.
  //
  // A restart follows where pages disagree about total_count or a service's processing date, as
  // when a processing run ends between them, and where fewer rows came than total_count says. Two
  // attempts in a row that find the same are believed: the disagreement is the data's own, or the
  // missing rows stay missing, which the caller sees by comparing rows with total_count.
  //
  // Errors, with operation and page in front: those of PartnerCenterClient::get and of the reader;
  // kNotFound when no spelling of the path answers; kMalformed for a next link that leads elsewhere
  // or back, and for pages that bring nothing new; kTooLarge beyond kCommercialPagesMax; kUpstream
  // when the data changed under each of three attempts.
  Result<PagesRead> read(const CommercialQuestion& question,
                         const std::function<PageReader()>& begin, std::stop_token stop);
  // The first page only. Errors: likewise.
  Result<FirstPage> first_page(const CommercialQuestion& question, const PageReader& reader,
                               std::stop_token stop);

 private:
  PathSpelling spelling_for(const std::string& path);
  void remember(const std::string& path, const PathSpelling& spelling);

  PartnerCenterClient& client_;
  std::mutex mutex_;
  std::map<std::string, PathSpelling> answered_;  // by path
  PathSpelling newest_ = kPathSpellings[0];       // what answered last, whichever path
};

// "customerTenantId eq '…' or customerTenantId eq '…'"; empty for no customers, which asks for all.
std::string filter_of_customers(std::span<const TenantId> customers);

}  // namespace pce
