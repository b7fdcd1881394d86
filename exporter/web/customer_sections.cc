#include "exporter/web/customer_sections.h"

#include <cmath>

#include "exporter/polling/explanation_text.h"
#include "exporter/web/customer_text.h"

namespace pce {
namespace {

constexpr std::size_t kNameMax = 120;      // characters
constexpr std::size_t kSentenceMax = 600;  // likewise
constexpr std::size_t kAccountsMax = 200;  // to choose from

void write_words(HtmlWriter& out, const Words& words) {
  if (!words.sentence.empty()) out.text(words.sentence, kSentenceMax);
  if (!words.advice.empty()) out.markup(" ").text(words.advice, kSentenceMax);
}

// Leads to the answer about this one customer.
void write_customer_link(HtmlWriter& out, const std::string& name, const std::string& id,
                         const std::string& partner) {
  out.markup("<a href=\"/?customer=").query_value(id).markup("&amp;partner=").query_value(partner);
  out.markup("#answer\"><bdi>").text(name, kNameMax).markup("</bdi></a>");
}

void write_form(HtmlWriter& out, const SiteStatus& status, const CustomerQuestion& question) {
  out.markup("<form role=\"search\" action=\"/#answer\" method=\"get\">\n");
  out.markup("<label for=\"customer\"><span>Why does a customer have, or lack, figures?</span>");
  out.markup(
      "<input type=\"search\" id=\"customer\" name=\"customer\" required maxlength=\"512\" ");
  out.markup("placeholder=\"id or name; * for any text\" value=\"").text(question.customer);
  out.markup("\"></label>\n");
  if (status.accounts.size() > 1) {
    out.markup("<label class=\"account\" for=\"partner\"><span>Account</span>");
    out.markup("<select id=\"partner\" name=\"partner\"><option value=\"\">all</option>");
    for (std::size_t i = 0; i < std::min(status.accounts.size(), kAccountsMax); ++i) {
      const std::string& partner = status.accounts[i].partner;
      out.markup(partner == question.partner ? Markup("<option selected>") : Markup("<option>"));
      out.text(partner).markup("</option>");
    }
    out.markup("</select></label>\n");
  }
  out.markup("<button>Explain</button>\n</form>\n");
}

void write_verdict(HtmlWriter& out, const Verdict& verdict, const Explanation& explanation) {
  out.markup("<tr><th scope=\"row\">").text(verdict.collector);
  out.markup("</th><td data-name=\"Cause\"><span>").text(name_of(verdict.cause));
  out.markup("</span></td><td data-name=\"In words\"><span>");
  write_words(out, words_about(verdict, explanation));
  out.markup("</span></td></tr>\n");
}

void write_explanation(HtmlWriter& out, const Explanation& explanation) {
  const KnownCustomer& customer = explanation.customer;
  out.markup("<h3><bdi>")
      .text(customer_text(customer.name), kNameMax)
      .markup("</bdi></h3>\n<p><code>");
  out.text(customer.id.plain()).markup("</code>, account ").text(explanation.account.partner);
  out.markup(", ").text(name_of(customer.membership)).markup(". ");
  write_words(out, words_about_customer(explanation));
  out.markup("</p>\n<table class=\"wide\">\n<thead><tr><th scope=\"col\">Collector</th>");
  out.markup("<th scope=\"col\">Cause</th><th scope=\"col\">In words</th></tr></thead>\n<tbody>\n");
  for (const Verdict& verdict : explanation.verdicts) write_verdict(out, verdict, explanation);
  out.markup("</tbody>\n</table>\n");
}

void write_nobody(HtmlWriter& out, const CustomerAnswer& answer) {
  if (answer.accounts.empty()) {
    out.markup("<p>There is no account of this name.</p>\n");
    return;
  }
  out.markup("<p>There is no customer of this id or name, as far as is known.");
  if (!answer.nearest.empty()) out.markup(" Perhaps one of these is meant: ");
  for (std::size_t i = 0; i < answer.nearest.size(); ++i) {
    if (i > 0) out.markup(", ");
    write_customer_link(out, answer.nearest[i], answer.nearest[i], {});
  }
  out.markup("</p>\n<ul>\n");
  for (const AccountState& account : answer.accounts) {
    out.markup("<li>")
        .text(account.partner)
        .markup(": ")
        .text(list_in_words(account), kSentenceMax);
    out.markup(" ").text(words_about_account(account).sentence, kSentenceMax).markup("</li>\n");
  }
  out.markup("</ul>\n");
}

void write_share_cells(HtmlWriter& out, const RankedCustomer& customer) {
  const double percent =
      100 * static_cast<double>(customer.deployed) / static_cast<double>(customer.sold);
  out.markup("<td class=\"number\">").grouped(customer.sold);
  out.markup("</td><td class=\"number\">").grouped(customer.deployed);
  out.markup("</td><td class=\"number\">").digits(std::lround(percent)).markup(" %");
  out.markup("</td></tr>\n");
}

void write_ranked(HtmlWriter& out, Markup caption, const std::vector<RankedCustomer>& customers,
                  bool several_accounts) {
  out.markup("<div><table>\n<caption>").markup(caption).markup("</caption>\n<thead><tr>");
  out.markup("<th scope=\"col\">Customer</th><th scope=\"col\" class=\"number\">Seats</th>");
  out.markup("<th scope=\"col\" class=\"number\">Assigned</th>");
  out.markup("<th scope=\"col\" class=\"number\">Share</th></tr></thead>\n<tbody>\n");
  for (const RankedCustomer& customer : customers) {
    out.markup("<tr><th scope=\"row\">");
    write_customer_link(out, customer_text(customer.customer), customer.customer_id.plain(),
                        customer.partner.plain());
    if (several_accounts)
      out.markup("<br><span class=\"quiet\">").text(customer.partner.plain()).markup("</span>");
    out.markup("</th>");
    write_share_cells(out, customer);
  }
  out.markup("</tbody>\n</table></div>\n");
}

}  // namespace

void write_search(HtmlWriter& out, const SiteStatus& status, const CustomerSearch& search) {
  write_form(out, status, search.question);
  if (search.refusal.empty() && !search.answer) return;
  out.markup("<section id=\"answer\" tabindex=\"-1\" aria-labelledby=\"answer-title\">\n");
  out.markup("<h2 id=\"answer-title\">Explanation</h2>\n");
  if (!search.refusal.empty()) {
    out.markup("<p>").text(search.refusal).markup("</p>\n");
  } else if (search.answer->found.empty()) {
    write_nobody(out, *search.answer);
  } else {
    for (const Explanation& explanation : search.answer->found) write_explanation(out, explanation);
  }
  if (search.answer && search.answer->more > 0) {
    out.markup("<p>").grouped(static_cast<std::int64_t>(search.answer->more));
    out.markup(" more customers fit.</p>\n");
  }
  out.markup("</section>\n");
}

void write_ranking(HtmlWriter& out, const SiteStatus& status) {
  const CustomerRanking& ranking = *status.ranking;
  out.markup("<section id=\"customers\" data-live aria-labelledby=\"customers-title\">\n");
  out.markup("<h2 id=\"customers-title\">Customers</h2>\n<p>");
  out.grouped(static_cast<std::int64_t>(ranking.customers))
      .markup(" have seats; a name leads to its explanation.</p>\n");
  if (ranking.customers > 0) {
    out.markup("<div class=\"columns\">\n");
    const bool several = status.accounts.size() > 1;
    write_ranked(out, "The largest, by seats", ranking.largest, several);
    write_ranked(out, "The worst deployed, by share of seats assigned", ranking.worst, several);
    out.markup("</div>\n<p class=\"quiet\">Up to ").grouped(status.spare_licenses);
    out.markup(" unused seats (targets.spare_licenses) are nobody&#39;s concern, and ");
    out.markup("targets.ignored_products do not count.</p>\n");
  }
  out.markup("</section>\n");
}

}  // namespace pce
