#include "exporter/web/routes.h"

#include <algorithm>
#include <utility>

#include "exporter/web/explain_page.h"
#include "exporter/web/json_members.h"
#include "exporter/web/query_string.h"
#include "exporter/web/scrape_query.h"
#include "exporter/web/status_json.h"
#include "exporter/web/status_page.h"

namespace pce {
namespace {

constexpr std::string_view kRoot = "/";
constexpr std::string_view kHealthy = "/-/healthy";
constexpr std::string_view kReady = "/-/ready";
constexpr std::string_view kReload = "/-/reload";
constexpr std::string_view kExplain = "/api/v1/explain";
constexpr std::string_view kStatus = "/api/v1/status";
constexpr std::string_view kConfig = "/config";
constexpr std::size_t kProbeParametersMax = 8;

// nosniff stands on every answer: even an error text must not be taken for a script.
WebResponse text(int status, std::string body) {
  return WebResponse{.status = status,
                     .content_type = "text/plain; charset=utf-8",
                     .headers = {{"X-Content-Type-Options", "nosniff"}},
                     .body = std::move(body)};
}

bool wants_json(const WebRequest& request) {
  if (request.accept.find("application/json") != std::string::npos) return true;
  const auto parameters = parse_any_query(request.query, kProbeParametersMax);
  return parameters && std::ranges::any_of(*parameters, [](const QueryParameter& parameter) {
           return parameter.name == "format" && parameter.value == "json";
         });
}

// {"healthy": true} or {"healthy": false, "reason": …}
WebResponse probe_in_json(bool fine, std::string_view what, std::string_view reason) {
  JsonWriter out(JsonWriter::Style::kLines);
  out.begin_object().key(what).boolean(fine);
  if (!fine) out.member("reason", reason);
  out.end_object();
  WebResponse response = json_answer(fine ? 200 : 503, out);
  response.headers.push_back({"Vary", "Accept"});
  return response;
}

// A browser sends what any page tells it to, but says which page that was.
bool is_from_another_site(const WebRequest& request) {
  if (!request.fetch_site.empty())
    return request.fetch_site != "same-origin" && request.fetch_site != "none";
  return !request.origin.empty() && request.origin != "http://" + request.host &&
         request.origin != "https://" + request.host;
}

WebResponse wrong_method(std::string body, std::string allowed) {
  WebResponse response = text(405, std::move(body));
  response.headers.push_back({"Allow", std::move(allowed)});
  return response;
}

}  // namespace

Routes::Routes(SiteParts parts)
    : parts_(std::move(parts)), places_(std::make_shared<ScrapePlaces>(parts_.scrapes_at_once)) {}

WebResponse Routes::answer(const WebRequest& request) const {
  const std::string_view handler = handler_of(request.path);
  try {
    WebResponse response = answer_path(request);
    parts_.count(handler, response.status);
    return response;
  } catch (...) {
    parts_.count(handler, 500);
    throw;
  }
}

WebResponse Routes::answer_path(const WebRequest& request) const {
  if (request.path == kReload && parts_.reload) return reload(request);
  if (request.method != "GET" && request.method != "HEAD")
    return wrong_method("Only GET and HEAD are answered here.\n", "GET, HEAD");
  if (request.path == parts_.telemetry_path) return scrape(request);
  if (request.path == kRoot) return status_page(request);
  if (request.path == kHealthy) return healthy(request);
  if (request.path == kReady) return ready(request);
  if (request.path == kExplain) return explain(request);
  if (request.path == kStatus) return status_json(status());
  if (request.path == kConfig) return text(200, parts_.config());
  return not_found();
}

WebResponse Routes::healthy(const WebRequest& request) const {
  const std::string why = parts_.ailing ? parts_.ailing() : std::string();
  if (wants_json(request)) return probe_in_json(why.empty(), "healthy", why);
  return why.empty() ? text(200, "Healthy\n") : text(503, why + "\n");
}

WebResponse Routes::scrape(const WebRequest& request) const {
  auto selection = scrape_selection(request.query, parts_.partners());
  if (!selection) {
    const Error& error = selection.error();
    return text(error.kind == ErrorKind::kTooLarge ? 414 : 400, error.message + "\n");
  }
  std::shared_ptr<const void> place = places_->take(request.client);
  if (!place) {
    WebResponse response =
        text(503, std::to_string(parts_.scrapes_at_once) +
                      " scrapes are under way, which is the limit. Come back in a moment.\n");
    response.headers.push_back({"Retry-After", "1"});
    return response;
  }
  ScrapeAnswer scraped = parts_.scrape({.accept = request.accept,
                                        .accept_encoding = request.accept_encoding,
                                        .selection = *std::move(selection)});
  // Prometheus takes an empty 200 for a successful scrape without samples; our own metrics are
  // never absent.
  if (scraped.body.size == 0)
    return text(500, "The scrape came out empty; this is a fault of ours.\n");

  WebResponse response{
      .status = 200,
      .content_type = std::move(scraped.content_type),
      .headers = {{"Vary", "Accept, Accept-Encoding"}, {"X-Content-Type-Options", "nosniff"}},
      .long_body = std::move(scraped.body),
      .place = std::move(place)};
  if (!scraped.content_encoding.empty()) {
    response.headers.push_back({"Content-Encoding", std::move(scraped.content_encoding)});
  }
  return response;
}

SiteStatus Routes::status() const {
  SiteStatus status = parts_.status();
  status.ailing = parts_.ailing ? parts_.ailing() : std::string();
  const Readiness readiness = parts_.ready();
  if (!readiness.ready)
    status.waiting_for = readiness.reason.empty() ? "no reason was given" : readiness.reason;
  return status;
}

WebResponse Routes::status_page(const WebRequest& request) const {
  CustomerSearch search = customer_search(request.query);
  if (!search.question.customer.empty()) search.answer = parts_.explain(search.question);
  return pce::status_page(status(), parts_.telemetry_path, search);
}

WebResponse Routes::ready(const WebRequest& request) const {
  const Readiness readiness = parts_.ready();
  const std::string why = readiness.reason.empty() ? "no reason was given" : readiness.reason;
  if (wants_json(request)) return probe_in_json(readiness.ready, "ready", why);
  return readiness.ready ? text(200, "Ready\n") : text(503, "Not ready: " + why + "\n");
}

WebResponse Routes::explain(const WebRequest& request) const {
  const auto question = customer_question(request.query);
  if (!question) return explain_refusal(question.error());
  return explain_page(parts_.explain(*question));
}

WebResponse Routes::reload(const WebRequest& request) const {
  using Kind = ReloadOutcome::Kind;
  if (request.method != "POST" && request.method != "PUT")
    return wrong_method("POST here to reload the configuration.\n", "POST, PUT");
  if (is_from_another_site(request))
    return text(403, "A page of another site asked for this; it is not done.\n");
  ReloadOutcome outcome = parts_.reload();
  if (outcome.kind == Kind::kRefused)
    return text(500, "failed to reload config: " + outcome.reason + "\n");
  if (outcome.kind == Kind::kDone) return text(200, "The configuration is reloaded.\n");
  WebResponse response = text(503, "A reload is under way. Come back in a moment.\n");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

WebResponse Routes::not_found() const {
  std::string body = "There is nothing here. What there is:\n";
  if (parts_.telemetry_path != kRoot) body += std::string(kRoot) + "\n";
  for (const std::string_view path : {std::string_view(parts_.telemetry_path), kHealthy, kReady,
                                      kReload, kExplain, kStatus, kConfig}) {
    body += std::string(path) + "\n";
  }
  return text(404, std::move(body));
}

std::string_view Routes::handler_of(std::string_view path) const {
  if (path == parts_.telemetry_path) return parts_.telemetry_path;
  for (const std::string_view known :
       {kRoot, kHealthy, kReady, kReload, kExplain, kStatus, kConfig}) {
    if (path == known) return known;
  }
  return "other";
}

}  // namespace pce
