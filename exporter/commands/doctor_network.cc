#include "exporter/commands/doctor_network.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "exporter/commands/doctor_advice.h"

namespace pce {
namespace {

using Stage = ConnectionReport::Stage;

struct Step {
  Stage stage;
  const char* name;
};
constexpr std::array kSteps{Step{Stage::kName, "dns"}, Step{Stage::kProxy, "proxy"},
                            Step{Stage::kConnection, "connection"}, Step{Stage::kTls, "tls"}};

// scheme://host:port
std::string_view origin_of(std::string_view address) {
  const auto host = address.find("://") + 3;
  return address.substr(0, address.find('/', host));
}

std::string certificate_text(const PeerCertificate& certificate, WallTime now) {
  std::string text = "certificate of " + certificate.issuer;
  if (const auto ends = certificate.ends()) {
    const auto left = std::chrono::floor<std::chrono::days>(*ends - now).count();
    text += " for " + std::to_string(left) + " more days";
  }
  return text;
}

std::string detail_of(Stage stage, const ConnectionReport& report, WallTime now) {
  switch (stage) {
    case Stage::kName:
      if (!report.proxy.empty()) return "left to the proxy";
      if (report.name_took.count() <= 0) return "not asked";
      return report.address.empty() ? "resolved" : report.address;
    case Stage::kProxy:
      return report.proxy.empty() ? "none" : report.proxy + ", named by " + report.proxy_source;
    case Stage::kConnection:
      return report.proxy.empty() ? "made" : "made by the proxy";
    case Stage::kTls:
      if (report.tls_version.empty()) return "none, it is this machine";
      return report.tls_version +
             (report.certificate ? ", " + certificate_text(*report.certificate, now) : "");
    case Stage::kDone:
      break;
  }
  return {};
}

double seconds_of(Stage stage, const ConnectionReport& report) {
  const bool proxied = !report.proxy.empty();
  switch (stage) {
    case Stage::kName:
      return proxied ? 0 : report.name_took.count();
    case Stage::kProxy:
      return proxied ? (report.name_took + report.connection_took).count() : 0;
    case Stage::kConnection:
      return proxied ? 0 : report.connection_took.count();
    case Stage::kTls:
      return report.tls_took.count();
    case Stage::kDone:
      break;
  }
  return 0;
}

Finding finding_at(Stage stage, const std::vector<ConnectionReport>& reports, WallTime now) {
  const auto worst = std::ranges::min_element(reports, {}, &ConnectionReport::reached);
  if (worst->reached < stage) return {.verdict = StepVerdict::kSkipped};
  if (worst->reached == stage) return failed(*worst->error);
  Finding finding;
  for (const ConnectionReport& report : reports) {
    if (!finding.detail.empty()) finding.detail += "; ";
    finding.detail += report.host_and_port + ": " + detail_of(stage, report, now);
  }
  return finding;
}

}  // namespace

std::vector<StepReport> look_at_network(CurlTransport& transport, const Endpoints& endpoints,
                                        WallTime now) {
  std::vector<std::string_view> origins{origin_of(endpoints.login)};
  if (origins.front() != origin_of(endpoints.api)) origins.push_back(origin_of(endpoints.api));
  std::vector<ConnectionReport> reports;
  for (const std::string_view origin : origins) {
    reports.push_back(transport.connect(std::string(origin), {}));
    std::string& name = reports.back().host_and_port;
    if (name.empty()) name = origin.substr(origin.find("://") + 3);
  }
  std::vector<StepReport> steps;
  for (const auto& [stage, name] : kSteps) {
    steps.push_back({.step = name, .finding = finding_at(stage, reports, now)});
    for (const ConnectionReport& report : reports)
      steps.back().seconds += seconds_of(stage, report);
  }
  return steps;
}

}  // namespace pce
