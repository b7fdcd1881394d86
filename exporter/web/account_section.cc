#include "exporter/web/account_section.h"

#include <algorithm>
#include <cmath>

#include "exporter/polling/wording.h"
#include "exporter/web/page_times.h"
#include "exporter/web/round_picture.h"

namespace pce {
namespace {

constexpr std::size_t kDriftShown = 20;
constexpr std::size_t kServicesShown = 3;
constexpr std::size_t kWordMax = 60;       // characters
constexpr std::size_t kSentenceMax = 600;  // likewise

std::int64_t number(std::size_t count) { return static_cast<std::int64_t>(count); }

void write_time(HtmlWriter& out, const std::optional<WallTime>& when, WallTime now, Markup never) {
  if (when) {
    write_ago(out, *when, now);
  } else {
    out.markup(never);
  }
}

void write_collector_state(HtmlWriter& out, const CollectorReport& collector) {
  const CollectorStatus& status = collector.status;
  if (status.done < status.planned) {
    out.markup("<span class=\"quiet\">reading, ").grouped(number(status.done)).markup(" of ");
    out.grouped(number(status.planned)).markup("</span>");
  } else if (status.facts.good) {
    out.markup("<span class=\"good\">well</span>");
  } else if (collector.trouble && collector.trouble->kind != Trouble::Kind::kHeld) {
    out.markup("<span class=\"bad\">failing</span>");
  } else if (status.facts.whole_in_doubt) {
    out.markup("<span class=\"doubt\">in doubt</span>");
  } else if (status.facts.unanswered < status.facts.readings) {
    out.markup("<span class=\"bad\">in part</span>");
  } else {
    out.markup("<span class=\"bad\">not read</span>");
  }
}

void write_source(HtmlWriter& out, const CollectorReport& collector, WallTime now) {
  if (!collector.source) {
    out.markup("the customer list");
    return;
  }
  out.text(name_of(*collector.source));
  if (const auto& again = collector.status.examination) {
    out.markup("; commercial again ");
    write_due(out, *again, now);
  }
}

// From the newest to the oldest, where those are apart.
void write_read(HtmlWriter& out, const CollectorFigures& facts, WallTime now) {
  write_time(out, facts.newest, now, "never");
  if (facts.newest && facts.oldest && *facts.newest - *facts.oldest >= std::chrono::minutes(2)) {
    out.markup(", the oldest ");
    write_ago(out, *facts.oldest, now);
  }
}

void write_processed(HtmlWriter& out, const CollectorFigures& facts, WallTime now) {
  if (facts.processed.empty()) out.markup("not said");
  std::size_t shown = 0;
  for (const auto& [service, when] : facts.processed) {
    if (shown == kServicesShown) break;
    if (shown++ > 0) out.markup("<br>");
    out.text(service, kWordMax).markup(" ");
    write_ago(out, when, now);
  }
  if (facts.processed.size() > shown)
    out.markup("<br>and ").digits(number(facts.processed.size() - shown)).markup(" more");
}

void write_rows(HtmlWriter& out, const CollectorReport& collector) {
  const CollectorFigures& facts = collector.status.facts;
  out.grouped(number(facts.rows));
  if (collector.status.data_set->scope == Scope::kCustomer && collector.source)
    out.markup(" of ").grouped(number(facts.customers)).markup(" customers");
}

void write_collector(HtmlWriter& out, const CollectorReport& collector, WallTime now) {
  const CollectorStatus& status = collector.status;
  out.markup("<tr><th scope=\"row\">").text(status.data_set->collector).markup("<br>");
  write_collector_state(out, collector);
  out.markup("</th><td data-name=\"Source\"><span>");
  write_source(out, collector, now);
  out.markup("</span></td><td data-name=\"Last read\"><span>");
  write_read(out, status.facts, now);
  out.markup("</span></td><td data-name=\"At the source\"><span>");
  write_processed(out, status.facts, now);
  out.markup("</span></td><td data-name=\"Rows\"><span>");
  write_rows(out, collector);
  out.markup("</span></td><td data-name=\"Next\"><span>");
  if (status.facts.next) write_due(out, *status.facts.next, now);
  out.markup("</span></td><td data-name=\"Last rounds\"><span>");
  draw_rounds(out, status.rounds, now);
  out.markup("</span></td></tr>\n");
}

void write_collectors(HtmlWriter& out, const AccountStatus& account) {
  out.markup("<table class=\"wide\">\n<caption>What is read</caption>\n<thead><tr>");
  out.markup("<th scope=\"col\">Collector</th><th scope=\"col\">Source</th>");
  out.markup("<th scope=\"col\">Last read</th><th scope=\"col\">At the source</th>");
  out.markup("<th scope=\"col\">Rows</th><th scope=\"col\">Next</th>");
  out.markup("<th scope=\"col\">Last rounds</th></tr></thead>\n<tbody>\n");
  for (const CollectorReport& collector : account.collectors)
    write_collector(out, collector, account.now);
  out.markup("</tbody>\n</table>\n");
}

void write_error(HtmlWriter& out, const CollectorReport& collector, WallTime now) {
  const ErrorSeen& seen = *collector.status.last_error;
  const std::string& id = seen.error.correlation_id.empty() ? seen.pass : seen.error.correlation_id;
  out.markup("<li class=\"trouble\">").text(collector.status.data_set->collector).markup(", ");
  write_ago(out, seen.when, now);
  out.markup(collector.status.facts.good ? Markup(" (over since): ") : Markup(": "));
  if (!seen.customer_id.empty())
    out.markup("customer <code>").text(seen.customer_id).markup("</code>: ");
  out.text(seen.error.message, kSentenceMax);
  if (!id.empty()) out.markup(" Correlation id <code>").text(id, kWordMax).markup("</code>");
  out.markup("</li>\n");
}

void write_errors(HtmlWriter& out, const AccountStatus& account) {
  const auto failed = [](const CollectorReport& collector) {
    return collector.status.last_error.has_value();
  };
  if (std::ranges::none_of(account.collectors, failed)) return;
  out.markup("<h3>Last errors</h3>\n<ul class=\"concerns\">\n");
  for (const CollectorReport& collector : account.collectors) {
    if (failed(collector)) write_error(out, collector, account.now);
  }
  out.markup("</ul>\n");
}

void write_end(HtmlWriter& out, Markup name, const std::optional<WallTime>& ends, WallTime now) {
  if (!ends) return;
  out.markup("<div><dt>").markup(name).markup("</dt><dd>ends ");
  write_ago(out, *ends, now);
  out.markup("</dd></div>\n");
}

void write_facts(HtmlWriter& out, const AccountStatus& account) {
  const Throttling& throttling = account.throttling;
  out.markup("<dl>\n<div><dt>Sign-in</dt><dd>").text(name_of(account.sign_in.state));
  if (!account.sign_in.reason.empty()) out.markup(" (").text(account.sign_in.reason).markup(")");
  out.markup("</dd></div>\n");
  write_end(out, "Refresh token", account.credentials.refresh_token, account.now);
  write_end(out, "Client certificate", account.credentials.client_certificate, account.now);
  out.markup("<div><dt>Calls</dt><dd>");
  if (throttling.paused_for.count() > 0)
    out.markup("paused for ").text(duration_in_words(throttling.paused_for)).markup("; ");
  out.markup("at ").digits(std::lround(throttling.pace * 100)).markup(" % of the pace, ");
  out.digits(std::lround(throttling.retries_left)).markup(" of 10 repetitions left</dd></div>\n");
  out.markup("<div><dt>Customers</dt><dd>").grouped(number(account.customers.listed));
  out.markup(" listed");
  if (account.customers.excluded > 0)
    out.markup(", ").grouped(number(account.customers.excluded)).markup(" excluded");
  if (account.customers.leaving > 0)
    out.markup(", ").grouped(number(account.customers.leaving)).markup(" leaving");
  if (account.customers.refused > 0)
    out.markup(", ").grouped(number(account.customers.refused)).markup(" said not to be ours");
  out.markup("</dd></div>\n<div><dt>Read every</dt><dd>");
  out.text(duration_in_words(account.interval)).markup("; goes away when older than ");
  out.text(duration_in_words(account.stale_after)).markup("</dd></div>\n</dl>\n");
}

void write_drift(HtmlWriter& out, const AccountStatus& account) {
  if (account.drift.empty()) return;
  out.markup("<table class=\"wide\">\n<caption>Fields that were not as documented</caption>\n");
  out.markup("<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Collector</th>");
  out.markup("<th scope=\"col\">How</th><th scope=\"col\">Since</th>");
  out.markup("<th scope=\"col\">Last</th></tr></thead>\n<tbody>\n");
  for (std::size_t i = 0; i < std::min(account.drift.size(), kDriftShown); ++i) {
    const DriftSeen& seen = account.drift[i];
    out.markup("<tr><th scope=\"row\"><code>").text(seen.drift.field, kWordMax);
    out.markup("</code></th><td data-name=\"Collector\"><span>").text(seen.data_set->collector);
    out.markup("</span></td><td data-name=\"How\"><span>").text(name_of(seen.drift.kind));
    out.markup("</span></td><td data-name=\"Since\"><span>");
    write_ago(out, seen.first, account.now);
    out.markup("</span></td><td data-name=\"Last\"><span>");
    write_ago(out, seen.latest, account.now);
    out.markup("</span></td></tr>\n");
  }
  out.markup("</tbody>\n</table>\n");
  if (account.drift.size() > kDriftShown)
    out.markup("<p>And ").digits(number(account.drift.size() - kDriftShown)).markup(" more.</p>\n");
}

}  // namespace

void write_account(HtmlWriter& out, const AccountStatus& account, std::size_t place) {
  out.markup("<section aria-labelledby=\"account-").digits(number(place)).markup("\">\n");
  out.markup("<h2 id=\"account-").digits(number(place)).markup("\">Account ");
  out.text(account.partner).markup("</h2>\n");
  write_facts(out, account);
  write_collectors(out, account);
  write_errors(out, account);
  write_drift(out, account);
  out.markup("</section>\n");
}

}  // namespace pce
