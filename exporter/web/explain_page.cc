#include "exporter/web/explain_page.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "exporter/polling/explanation_text.h"
#include "exporter/web/customer_text.h"
#include "exporter/web/json_members.h"
#include "exporter/web/query_string.h"

namespace pce {
namespace {

Error refused(std::string message) {
  return {.kind = ErrorKind::kRejected, .message = std::move(message)};
}

void write(JsonWriter& out, const Words& words) {
  write(out, "sentence", words.sentence);
  write(out, "advice", words.advice);
}

void write(JsonWriter& out, const Trouble& trouble) {
  out.key("trouble").begin_object();
  write(out, "since", trouble.since);
  write(out, "latest", trouble.latest);
  if (trouble.kind == Trouble::Kind::kHeld) {
    write(out, "rows_before", trouble.rows_before);
    write(out, "rows", trouble.rows);
  }
  if (const auto& error = trouble.error) {
    out.member("reason", name_of(error->kind)).member("message", error->message);
    if (error->http_status != 0) out.key("http_status").integer(error->http_status);
    write(out, "api_code", error->api_code);
  }
  write(out, "correlation_id", correlation_id_of(trouble));
  write(out, "next_try", trouble.next_try);
  out.end_object();
}

void write(JsonWriter& out, const Verdict& verdict, const Explanation& explanation) {
  out.begin_object();
  out.member("collector", verdict.collector).member("cause", name_of(verdict.cause));
  write(out, words_about(verdict, explanation));
  write(out, "series", verdict.series);
  write(out, "rows", verdict.rows);
  if (verdict.source) out.member("source", name_of(*verdict.source));
  write(out, "read", verdict.read);
  write(out, "processed", verdict.processed);
  if (verdict.trouble) write(out, *verdict.trouble);
  out.end_object();
}

void write_entry(JsonWriter& out, const Explanation& explanation) {
  const Membership membership = explanation.customer.membership;
  if (membership == Membership::kExcluded && explanation.pattern) {
    out.key("entry").begin_object();
    out.member("list", "customers.exclude");
    write(out, "text", explanation.pattern->text);
    out.key("line").integer(explanation.pattern->line).end_object();
  } else if (membership == Membership::kNotIncluded) {
    out.key("entry").begin_object().member("list", "customers.include");
    out.key("line").integer(explanation.include_line).end_object();
  }
}

void write(JsonWriter& out, const AccountState& account) {
  out.key("account").begin_object();
  write(out, words_about_account(account));
  write(out, "list_read", account.list.believed);
  out.key("paused_seconds")
      .real(std::chrono::duration<double>(account.paused_for).count())
      .end_object();
}

void write(JsonWriter& out, const Explanation& explanation) {
  const KnownCustomer& customer = explanation.customer;
  out.begin_object();
  out.member("partner", explanation.account.partner)
      .member("customer", customer_text(customer.name))
      .member("customer_id", customer.id.plain())
      .member("membership", name_of(customer.membership));
  write(out, "since", customer.since);
  write(out, words_about_customer(explanation));
  write_entry(out, explanation);
  write(out, explanation.account);
  out.key("collectors").begin_array();
  for (const Verdict& verdict : explanation.verdicts) write(out, verdict, explanation);
  out.end_array().end_object();
}

WebResponse nobody(const CustomerAnswer& answer) {
  JsonWriter out(JsonWriter::Style::kLines);
  out.begin_object();
  out.member("error", answer.accounts.empty()
                          ? "There is no account of this name."
                          : "There is no customer of this id or name, as far as is known.");
  out.key("nearest").begin_array();
  for (const std::string& name : answer.nearest) out.text(name);
  out.end_array().key("accounts").begin_array();
  for (const AccountState& account : answer.accounts) {
    out.begin_object().member("partner", account.partner);
    const std::string trouble = words_about_account(account).sentence;
    out.member("sentence", list_in_words(account) + (trouble.empty() ? "" : " " + trouble));
    out.end_object();
  }
  out.end_array().end_object();
  return json_answer(404, out);
}

}  // namespace

Result<CustomerQuestion> customer_question(std::string_view query) {
  auto parameters = parse_query(query);
  if (!parameters) return parameters.error();
  CustomerQuestion question;
  for (QueryParameter& parameter : *parameters) {
    if (parameter.name == "customer") {
      question.customer = std::move(parameter.value);
    } else if (parameter.name == "partner") {
      question.partner = std::move(parameter.value);
    } else {
      return refused("A parameter of the query is neither customer nor partner.");
    }
  }
  if (question.customer.empty()) {
    return refused(
        "Say which customer: /api/v1/explain?customer=ID-OR-NAME, with * for any text, and "
        "&partner=ACCOUNT where one account is meant.");
  }
  if (question.customer.size() > kCustomerBytesMax)
    return refused(
        "A customer's id or name of at most 512 bytes is wanted; * stands for any text.");
  return question;
}

WebResponse explain_page(const CustomerAnswer& answer) {
  if (answer.found.empty()) return nobody(answer);
  JsonWriter out(JsonWriter::Style::kLines);
  out.begin_object();
  write(out, "now", answer.found.front().account.now);
  out.key("customers").begin_array();
  for (const Explanation& explanation : answer.found) write(out, explanation);
  out.end_array();
  write(out, "more", answer.more);
  out.end_object();
  return json_answer(200, out);
}

WebResponse explain_refusal(const Error& error) {
  JsonWriter out(JsonWriter::Style::kLines);
  out.begin_object().member("error", error.message).end_object();
  return json_answer(400, out);
}

}  // namespace pce
