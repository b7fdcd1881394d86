#include "exporter/partner_center/commercial_pages.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "exporter/partner_center/api_error.h"
#include "exporter/partner_center/own_address.h"

namespace pce {
namespace {

constexpr int kAttempts = 3;

Error malformed(std::string message) {
  return {.kind = ErrorKind::kMalformed, .message = std::move(message)};
}

// What one page says about the processing run it is from.
struct RunFacts {
  std::map<std::string, WallTime> processed;
  std::optional<std::int64_t> total_count;
  friend bool operator==(const RunFacts&, const RunFacts&) = default;
};

struct Attempt {
  PagesRead read{};
  std::vector<RunFacts> runs{};  // page by page
  bool one_run = true;           // no page contradicts an earlier one
  bool whole() const {
    return !read.total_count || std::cmp_greater_equal(read.rows, *read.total_count);
  }
};

// One attempt to read all pages.
class Walk {
 public:
  Walk(PartnerCenterClient& client, const CommercialQuestion& question, PathSpelling& spelling,
       const PageReader& reader, std::stop_token stop)
      : client_(client),
        question_(question),
        spelling_(spelling),
        reader_(reader),
        stop_(std::move(stop)) {}

  Result<Attempt> run() {
    std::optional<NextPage> page = NextPage{spelling_, query_from(0)};
    while (page) {
      auto next = step(*page);
      if (!next) return std::move(next).error();
      page = std::move(*next);
    }
    return std::move(attempt_);
  }

  Result<FirstPage> run_one_page() {
    const auto next = step({spelling_, query_from(0)});
    if (!next) return next.error();
    return FirstPage{.read = attempt_.read, .is_all = !next->has_value()};
  }

 private:
  Result<std::optional<NextPage>> step(const NextPage& page) {
    auto next = read(page);
    if (next) return next;
    std::string where(question_.operation);
    where.append(", page ").append(std::to_string(number_));
    return with_context(std::move(next).error(), where);
  }

  // The page after this one; nullopt after the last.
  Result<std::optional<NextPage>> read(const NextPage& page) {
    if (!asked_.insert(page.query).second)
      return malformed("@nextLink leads back to a page already read");
    if (number_ == kCommercialPagesMax) {
      return Error{.kind = ErrorKind::kTooLarge,
                   .message = "more than " + std::to_string(kCommercialPagesMax) + " pages"};
    }
    ++number_;
    auto facts = take(page);
    if (!facts) return std::move(facts).error();
    note(*facts);
    if (facts->rows > 0 && body_came_before_)
      return malformed("the page brings the rows of an earlier one again");
    return page_after(*facts);
  }

  Result<PageFacts> take(const NextPage& page) {
    for (bool again = false;; again = true) {
      const auto body = ask(page);
      if (!body) return body.error();
      auto facts = reader_(*body);
      if (facts) {
        body_came_before_ = !bodies_.insert(std::hash<std::string>()(*body)).second;
        return facts;
      }
      // A body broken on its way is whole the next time; one that is broken twice is what they
      // send.
      if (again || facts.error().kind != ErrorKind::kMalformed) return facts;
    }
  }

  // The spelling that answered before comes first even where a link is written otherwise: that it
  // answers is known.
  Result<std::string> ask(const NextPage& page) {
    std::vector<PathSpelling> spellings{spelling_};
    const auto add = [&](const PathSpelling& spelling) {
      if (std::ranges::find(spellings, spelling) == spellings.end()) spellings.push_back(spelling);
    };
    add(page.spelling);
    std::ranges::for_each(kPathSpellings, add);
    std::optional<Error> not_found;
    for (const PathSpelling& spelling : spellings) {
      auto body = client_.get({.operation = question_.operation,
                               .path = spelled(spelling, question_.path) + page.query,
                               .correlation_id = question_.correlation_id},
                              stop_);
      if (body) {
        spelling_ = spelling;
        return body;
      }
      if (body.error().kind != ErrorKind::kNotFound || customer_is_not_ours(body.error()))
        return body;
      not_found = std::move(body).error();
    }
    std::string tried = "none of the " + std::to_string(spellings.size());
    tried.append(" spellings of ").append(question_.path).append(" is found; the last");
    return with_context(std::move(*not_found), tried);
  }

  void note(const PageFacts& facts) {
    PagesRead& read = attempt_.read;
    ++read.pages;
    read.rows += facts.rows;
    for (const auto& [service, when] : facts.processed) {
      if (processed_.emplace(service, when).first->second != when) attempt_.one_run = false;
    }
    if (facts.total_count) {
      if (read.total_count && *read.total_count != *facts.total_count) attempt_.one_run = false;
      read.total_count = facts.total_count;
    }
    attempt_.runs.push_back({facts.processed, facts.total_count});
  }

  Result<std::optional<NextPage>> page_after(const PageFacts& facts) {
    const bool linked =
        facts.next_link && facts.next_link->find_first_not_of(' ') != std::string::npos;
    const bool empty_again = facts.rows == 0 && empty_before_;
    empty_before_ = facts.rows == 0;
    if (says_all_is_read(facts)) return std::optional<NextPage>();
    if (linked) {
      if (empty_again) return malformed("a second empty page in a row still names a next one");
      auto next =
          resolve_next_link(*facts.next_link, client_.api_base(), question_.path, spelling_);
      if (next) return next;
      return malformed("@nextLink does not lead to another page of " + question_.path +
                       "; it is not followed");
    }
    if (facts.rows < kCommercialRowsPerPage) return std::optional<NextPage>();
    return std::optional(NextPage{spelling_, query_from(attempt_.read.rows)});
  }

  // A count no larger than the page's own rows may be that page's, and says nothing of others.
  bool says_all_is_read(const PageFacts& facts) const {
    return facts.total_count && std::cmp_greater(*facts.total_count, facts.rows) &&
           std::cmp_less_equal(*facts.total_count, attempt_.read.rows);
  }

  std::string query_from(std::size_t skip) const {
    std::string query = "?top=" + std::to_string(kCommercialRowsPerPage);
    if (skip > 0) query.append("&skip=").append(std::to_string(skip));
    const auto add = [&](const char* name, const std::string& value) {
      if (!value.empty()) query.append(name).append(query_value(value));
    };
    add("&filter=", question_.filter);
    add("&groupby=", question_.group_by);
    add("&processedDateTime=", question_.processed_date);
    return query;
  }

  PartnerCenterClient& client_;
  const CommercialQuestion& question_;
  PathSpelling& spelling_;  // what answered last
  const PageReader& reader_;
  const std::stop_token stop_;

  Attempt attempt_;
  std::size_t number_ = 0;  // of the page asked last
  std::set<std::string> asked_;
  std::set<std::size_t> bodies_;  // hashes
  bool body_came_before_ = false;
  bool empty_before_ = false;
  std::map<std::string, WallTime> processed_;
};

}  // namespace

Result<PagesRead> CommercialPages::read(const CommercialQuestion& question,
                                        const std::function<PageReader()>& begin,
                                        std::stop_token stop) {
  const PathSpelling known = spelling_for(question.path);
  PathSpelling spelling = known;
  std::vector<RunFacts> runs_before;
  bool short_before = false;
  for (int restarts = 0; restarts < kAttempts; ++restarts) {
    const PageReader reader = begin();
    auto attempt = Walk(client_, question, spelling, reader, stop).run();
    if (spelling != known) remember(question.path, spelling);
    if (!attempt) return std::move(attempt).error();
    attempt->read.restarts = restarts;
    const bool last = restarts + 1 == kAttempts;
    const bool stands =
        attempt->one_run ? attempt->whole() || short_before || last : attempt->runs == runs_before;
    if (stands) return attempt->read;
    short_before = attempt->one_run;
    runs_before = std::move(attempt->runs);
  }
  std::string message(question.operation);
  message.append(": the data changed while it was read, in each of ");
  message.append(std::to_string(kAttempts)).append(" attempts");
  return Error{.kind = ErrorKind::kUpstream, .message = std::move(message)};
}

Result<FirstPage> CommercialPages::first_page(const CommercialQuestion& question,
                                              const PageReader& reader, std::stop_token stop) {
  PathSpelling spelling = spelling_for(question.path);
  auto first = Walk(client_, question, spelling, reader, std::move(stop)).run_one_page();
  if (first) remember(question.path, spelling);
  return first;
}

PathSpelling CommercialPages::spelling_for(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  const auto known = answered_.find(path);
  return known != answered_.end() ? known->second : newest_;
}

void CommercialPages::remember(const std::string& path, const PathSpelling& spelling) {
  const std::scoped_lock lock(mutex_);
  answered_[path] = spelling;
  newest_ = spelling;
}

std::string filter_of_customers(std::span<const TenantId> customers) {
  std::string filter;
  for (const TenantId& customer : customers) {
    if (!filter.empty()) filter += " or ";
    filter.append("customerTenantId eq '").append(customer.text()).append("'");
  }
  return filter;
}

}  // namespace pce
