#include "exporter/web/status_page.h"

#include <algorithm>
#include <utility>

#include "exporter/base/utc_text.h"
#include "exporter/polling/status_text.h"
#include "exporter/web/account_section.h"
#include "exporter/web/customer_sections.h"
#include "exporter/web/explain_page.h"
#include "exporter/web/html_writer.h"
#include "exporter/web/page_assets.h"
#include "exporter/web/page_times.h"
#include "exporter/web/query_string.h"

namespace pce {
namespace {

// The page stays of a size that a telephone can bear, whatever happens; the JSON has it all.
constexpr std::size_t kAccountsMax = 20;
constexpr std::size_t kConcernsMax = 40;
constexpr std::size_t kParametersMax = 16;
constexpr std::size_t kSentenceMax = 600;  // characters

using Weight = Concern::Weight;

struct Raised {
  std::string partner{};  // empty: it is about the whole process
  Concern concern{};
};

std::vector<Raised> all_concerns(const SiteStatus& status) {
  std::vector<Raised> all;
  if (!status.ailing.empty()) {
    all.push_back({.concern = {.weight = Weight::kTrouble,
                               .words = {.sentence = status.ailing, .advice = "Restart it."}}});
  }
  if (status.series.customers_left_out > 0) {
    all.push_back(
        {.concern = {.weight = Weight::kTrouble,
                     .words = {.sentence = count_of(status.series.customers_left_out, "customer") +
                                           " with " + std::to_string(status.series.left_out) +
                                           " series are left out: limits.series is reached.",
                               .advice = "Raise limits.series, or narrow customers.include."}}});
  }
  for (const AccountStatus& account : status.accounts) {
    for (Concern& concern : concerns_about(account))
      all.push_back({.partner = account.partner, .concern = std::move(concern)});
  }
  std::ranges::stable_sort(all, std::ranges::greater(),
                           [](const Raised& found) { return found.concern.weight; });
  return all;
}

void write_verdict(HtmlWriter& out, const std::vector<Raised>& concerns) {
  const auto troubles = static_cast<std::size_t>(std::ranges::count(
      concerns, Weight::kTrouble, [](const Raised& found) { return found.concern.weight; }));
  if (troubles > 0) {
    out.markup("<p class=\"verdict trouble\" role=\"status\">");
    out.text(count_of(troubles, "thing") + (troubles == 1 ? " is wrong." : " are wrong."));
  } else if (!concerns.empty()) {
    out.markup("<p class=\"verdict notice\" role=\"status\">");
    out.text("Nothing is wrong, and " + count_of(concerns.size(), "thing") + " to know.");
  } else {
    out.markup("<p class=\"verdict\" role=\"status\">All is well.");
  }
  out.markup("</p>\n");
}

void write_concern(HtmlWriter& out, const Raised& found) {
  const bool trouble = found.concern.weight == Weight::kTrouble;
  out.markup(trouble ? Markup("<li class=\"trouble\"><b>Trouble</b>")
                     : Markup("<li class=\"notice\"><b>Notice</b>"));
  if (!found.partner.empty()) out.text(found.partner).markup(": ");
  out.text(found.concern.words.sentence, kSentenceMax);
  if (const std::string& advice = found.concern.words.advice; !advice.empty())
    out.markup("<p>").text(advice, kSentenceMax).markup("</p>");
  if (const std::string& id = found.concern.correlation_id; !id.empty())
    out.markup("<p>For a ticket with Microsoft: correlation id <code>")
        .text(id)
        .markup("</code></p>");
  out.markup("</li>\n");
}

void write_state(HtmlWriter& out, const SiteStatus& status) {
  const std::vector<Raised> concerns = all_concerns(status);
  out.markup("<section id=\"state\" data-live aria-labelledby=\"state-title\">\n");
  out.markup("<h2 id=\"state-title\">Now</h2>\n");
  write_verdict(out, concerns);
  if (!concerns.empty()) {
    out.markup("<ul class=\"concerns\">\n");
    for (std::size_t i = 0; i < std::min(concerns.size(), kConcernsMax); ++i)
      write_concern(out, concerns[i]);
    out.markup("</ul>\n");
  }
  if (concerns.size() > kConcernsMax) {
    out.markup("<p>And ").grouped(static_cast<std::int64_t>(concerns.size() - kConcernsMax));
    out.markup(" more: see <a href=\"/api/v1/status\">/api/v1/status</a>.</p>\n");
  }
  out.markup("<p class=\"quiet\">As of <time id=\"now\" datetime=\"").text(utc_text(status.now));
  out.markup("\">").text(readable(status.now)).markup("</time>; started ");
  write_ago(out, status.started, status.now);
  out.markup(status.waiting_for.empty() ? Markup("; ready") : Markup("; not ready yet"));
  out.markup("; ").grouped(static_cast<std::int64_t>(status.series.shown));
  out.markup(" series of licences.</p>\n</section>\n");
}

void write_link(HtmlWriter& out, std::string_view path) {
  out.markup("<li><a href=\"").text(path).markup("\">").text(path).markup("</a></li>\n");
}

void write_header(HtmlWriter& out, const SiteStatus& status, const std::string& telemetry_path) {
  out.markup("<a class=\"skip\" href=\"#main\">Skip to the state</a>\n<header>\n");
  out.markup("<h1>partner_center_exporter</h1>\n");
  out.markup("<p>Microsoft Partner Center licence insights for Prometheus. Version ");
  out.text(status.version).markup("</p>\n<nav aria-label=\"Pages\"><ul>\n");
  for (const std::string_view path :
       {std::string_view(telemetry_path), std::string_view("/-/healthy"),
        std::string_view("/-/ready"), std::string_view("/api/v1/status"),
        std::string_view("/config")})
    write_link(out, path);
  out.markup("</ul></nav>\n</header>\n");
}

// Those in trouble first where there are too many.
std::vector<const AccountStatus*> accounts_to_show(const SiteStatus& status) {
  std::vector<const AccountStatus*> accounts;
  for (const AccountStatus& account : status.accounts) accounts.push_back(&account);
  if (accounts.size() <= kAccountsMax) return accounts;
  std::ranges::stable_partition(
      accounts, [](const AccountStatus* account) { return !concerns_about(*account).empty(); });
  accounts.resize(kAccountsMax);
  return accounts;
}

void write_accounts(HtmlWriter& out, const SiteStatus& status) {
  out.markup("<div id=\"accounts\" data-live>\n");
  const auto accounts = accounts_to_show(status);
  for (std::size_t i = 0; i < accounts.size(); ++i) write_account(out, *accounts[i], i);
  if (accounts.size() < status.accounts.size()) {
    out.markup("<p>And ").digits(
        static_cast<std::int64_t>(status.accounts.size() - accounts.size()));
    out.markup(" more accounts: see <a href=\"/api/v1/status\">/api/v1/status</a>.</p>\n");
  }
  out.markup("</div>\n");
}

// Everything is forbidden but this style, this script, asking ourselves and sending the form to us.
std::string policy() {
  return "default-src 'none'; style-src " + policy_hash(status_style().text()) + "; script-src " +
         policy_hash(status_script().text()) +
         "; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace

CustomerSearch customer_search(std::string_view query) {
  CustomerSearch search;
  const auto parameters = parse_any_query(query, kParametersMax);
  if (!parameters) return search;
  for (const QueryParameter& parameter : *parameters) {
    if (parameter.name == "customer") search.question.customer = parameter.value;
    if (parameter.name == "partner") search.question.partner = parameter.value;
  }
  if (search.question.customer.size() > kCustomerBytesMax) {
    search.question.customer.clear();
    search.refusal = "An id or a name of at most 512 bytes is wanted; * stands for any text.";
  }
  return search;
}

WebResponse status_page(const SiteStatus& status, const std::string& telemetry_path,
                        const CustomerSearch& search) {
  static const std::string kPolicy = policy();
  HtmlWriter out;
  out.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  out.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
  out.markup("<meta name=\"color-scheme\" content=\"light dark\">\n");
  out.markup("<title>partner_center_exporter</title>\n<style>");
  out.markup(status_style()).markup("</style>\n</head>\n<body>\n");
  write_header(out, status, telemetry_path);
  out.markup("<main id=\"main\" tabindex=\"-1\">\n<p id=\"lost\" role=\"alert\" hidden></p>\n");
  write_state(out, status);
  write_search(out, status, search);
  write_accounts(out, status);
  write_ranking(out, status);
  out.markup("</main>\n<script>").markup(status_script()).markup("</script>\n</body>\n</html>\n");
  return {.status = 200,
          .content_type = "text/html; charset=UTF-8",
          .headers = {{"Content-Security-Policy", kPolicy},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"},
                      {"Referrer-Policy", "no-referrer"}},
          .body = out.take()};
}

}  // namespace pce
