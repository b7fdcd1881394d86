#include "exporter/web/status_json.h"

#include <algorithm>

#include "exporter/polling/status_text.h"
#include "exporter/web/customer_text.h"
#include "exporter/web/json_members.h"

namespace pce {
namespace {

using pce::seconds_of;

double seconds_of(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

void write(JsonWriter& out, const Concern& concern) {
  out.begin_object().member("weight", name_of(concern.weight));
  write(out, "collector", concern.collector);
  write(out, "sentence", concern.words.sentence);
  write(out, "advice", concern.words.advice);
  write(out, "correlation_id", concern.correlation_id);
  out.end_object();
}

void write_sign_in(JsonWriter& out, const TokenStatus& sign_in) {
  out.key("sign_in").begin_object().member("state", name_of(sign_in.state));
  write(out, "reason", sign_in.reason);
  write(out, "message", sign_in.message);
  write(out, "command", sign_in.command);
  write(out, "api_code", sign_in.api_code);
  write(out, "correlation_id", sign_in.correlation_id);
  write(out, "next_try", sign_in.next_try);
  if (sign_in.mfa_compliant) out.key("mfa_compliant").boolean(*sign_in.mfa_compliant);
  out.end_object();
}

void write_credential(JsonWriter& out, const char* name, const std::optional<WallTime>& ends,
                      WallTime now) {
  if (!ends) return;
  const double days = seconds_of(*ends - now) / 86'400;
  out.begin_object().member("credential", name);
  write(out, "ends", ends);
  out.key("days_left").real(days).end_object();
}

void write_credentials(JsonWriter& out, const AccountStatus& account) {
  out.key("credentials").begin_array();
  write_credential(out, "access_token", account.sign_in.access_token_ends, account.now);
  write_credential(out, "client_certificate", account.credentials.client_certificate, account.now);
  write_credential(out, "refresh_token", account.credentials.refresh_token, account.now);
  out.end_array();
  out.key("refresh_token_stored").boolean(account.credentials.refresh_token_stored);
}

void write_throttling(JsonWriter& out, const Throttling& throttling) {
  out.key("throttling").begin_object();
  out.key("paused_seconds").real(seconds_of(throttling.paused_for));
  out.key("pace").real(throttling.pace);
  out.key("calls_left").real(throttling.calls_left);
  out.key("retries_left").real(throttling.retries_left).end_object();
}

void write_customers(JsonWriter& out, const AccountStatus& account) {
  out.key("customers").begin_object();
  write(out, "listed", account.customers.listed);
  write(out, "excluded", account.customers.excluded);
  write(out, "leaving", account.customers.leaving);
  write(out, "refused", account.customers.refused);
  write(out, "list_read", account.list.believed);
  out.end_object();
}

void write(JsonWriter& out, const ErrorSeen& seen) {
  out.key("last_error").begin_object();
  out.key("at").real(seconds_of(seen.when));
  write(out, "customer_id", seen.customer_id);
  out.member("source", name_of(seen.source));
  out.member("reason", name_of(seen.error.kind)).member("message", seen.error.message);
  if (seen.error.http_status != 0) out.key("http_status").integer(seen.error.http_status);
  write(out, "api_code", seen.error.api_code);
  write(out, "correlation_id", seen.error.correlation_id);
  write(out, "request_correlation_id", seen.pass);
  out.end_object();
}

void write(JsonWriter& out, const RoundSeen& round) {
  out.begin_object();
  out.key("begin").real(seconds_of(round.begin));
  out.key("end").real(seconds_of(round.end));
  write(out, "answers", round.answers);
  write(out, "in_doubt", round.in_doubt);
  write(out, "failures", round.failures);
  write(out, "rows", round.rows);
  write(out, "reason", round.reason);
  out.end_object();
}

void write_next(JsonWriter& out, const CollectorReport& collector) {
  const CollectorStatus& status = collector.status;
  if (!status.facts.next && !status.examination) return;
  out.key("next").begin_object();
  write(out, "reading", status.facts.next);
  write(out, "commercial_again", status.examination);
  out.end_object();
}

void write(JsonWriter& out, const CollectorReport& collector) {
  const CollectorStatus& status = collector.status;
  const CollectorFigures& facts = status.facts;
  out.begin_object().member("collector", status.data_set->collector);
  out.key("good").boolean(facts.good);
  if (collector.source) out.member("source", name_of(*collector.source));
  write(out, "read", facts.newest);
  write(out, "read_oldest", facts.oldest);
  out.key("processed").begin_object();
  for (const auto& [service, when] : facts.processed) out.key(service).real(seconds_of(when));
  out.end_object();
  write(out, "rows", facts.rows);
  write(out, "customers_with_rows", facts.customers);
  write(out, "customers_in_doubt", facts.customers_in_doubt);
  out.key("suspect").boolean(facts.whole_in_doubt || facts.customers_in_doubt > 0);
  write(out, "readings", facts.readings);
  write(out, "unanswered", facts.unanswered);
  out.key("pass").begin_object();
  write(out, "planned", status.planned);
  write(out, "done", status.done);
  out.end_object();
  write_next(out, collector);
  if (status.last_error) write(out, *status.last_error);
  out.key("rounds").begin_array();
  for (const RoundSeen& round : status.rounds) write(out, round);
  out.end_array().end_object();
}

void write(JsonWriter& out, const DriftSeen& seen) {
  out.begin_object().member("collector", seen.data_set->collector);
  out.member("field", seen.drift.field).member("kind", name_of(seen.drift.kind));
  write(out, "count", seen.drift.count);
  out.key("first").real(seconds_of(seen.first));
  out.key("latest").real(seconds_of(seen.latest)).end_object();
}

void write(JsonWriter& out, const AccountStatus& account) {
  out.begin_object().member("partner", account.partner);
  out.key("first_round_ended").boolean(account.tried);
  out.key("interval_seconds").real(seconds_of(account.interval));
  out.key("stale_after_seconds").real(seconds_of(account.stale_after));
  out.key("concerns").begin_array();
  for (const Concern& concern : concerns_about(account)) write(out, concern);
  out.end_array();
  write_sign_in(out, account.sign_in);
  write_credentials(out, account);
  write_throttling(out, account.throttling);
  write_customers(out, account);
  out.key("collectors").begin_array();
  for (const CollectorReport& collector : account.collectors) write(out, collector);
  out.end_array().key("drift").begin_array();
  for (const DriftSeen& seen : account.drift) write(out, seen);
  out.end_array().end_object();
}

void write(JsonWriter& out, const char* key, const std::vector<RankedCustomer>& customers) {
  out.key(key).begin_array();
  for (const RankedCustomer& customer : customers) {
    out.begin_object().member("partner", customer.partner.plain());
    out.member("customer", customer_text(customer.customer));
    out.member("customer_id", customer.customer_id.plain());
    out.key("licenses_sold").integer(customer.sold);
    out.key("licenses_deployed").integer(customer.deployed);
    const double share =
        static_cast<double>(customer.deployed) / static_cast<double>(customer.sold);
    out.key("deployment_percent").real(100 * share).end_object();
  }
  out.end_array();
}

}  // namespace

WebResponse status_json(const SiteStatus& status) {
  JsonWriter out(JsonWriter::Style::kLines);
  out.begin_object();
  out.key("now").real(seconds_of(status.now));
  out.key("started").real(seconds_of(status.started)).member("version", status.version);
  out.key("healthy").boolean(status.ailing.empty());
  write(out, "not_healthy_because", status.ailing);
  out.key("ready").boolean(status.waiting_for.empty());
  write(out, "not_ready_because", status.waiting_for);
  out.key("series").begin_object();
  write(out, "shown", status.series.shown);
  write(out, "left_out", status.series.left_out);
  write(out, "customers_left_out", status.series.customers_left_out);
  out.end_object().key("accounts").begin_array();
  for (const AccountStatus& account : status.accounts) write(out, account);
  out.end_array().key("customers").begin_object();
  write(out, "with_licenses", status.ranking->customers);
  write(out, "largest", status.ranking->largest);
  out.key("spare_licenses").integer(status.spare_licenses);
  write(out, "worst_deployment", status.ranking->worst);
  out.end_object().end_object();
  return json_answer(200, out);
}

}  // namespace pce
