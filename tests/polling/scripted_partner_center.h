#pragma once
// A Partner Center for polling tests: customers with one product each, in both generations, and
// what a test makes of them. Any thread.
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/scripted_transport.h"

namespace pce {

class ScriptedPartnerCenter {
 public:
  using Answer = std::function<HttpResponse()>;

  // The state of the estate, open to tests between rounds.
  std::map<std::string, int> sold;  // by customer id; classic and commercial alike
  std::vector<std::string> listed;  // ids
  std::map<std::string, std::string> names;
  bool commercial = true;                      // false: 404
  std::optional<int> total_count;              // in place of the true one
  std::map<std::string, int> commercial_sold;  // in place of `sold`, where `split` is set
  bool split = false;
  // By path without query; takes precedence over everything above.
  std::map<std::string, Answer> answers;

  void answer(const std::string& path, int status, const std::string& body) {
    answers[path] = [=] { return HttpResponse{.status = status, .headers = {}, .body = body}; };
  }

  static std::string path_of(const std::string& url) {
    const auto start = url.find('/', 8);
    return url.substr(start, url.find('?') - start);
  }
  static std::string deployment_path(const std::string& id) {
    return "/v1/customers/" + id + "/analytics/licenses/deployment";
  }
  static constexpr const char* kBulkPath = "/partner/v1/analytics/commercial/deployment/license";

  Result<HttpResponse> operator()(const HttpRequest& request) {
    const std::scoped_lock lock(mutex_);
    const std::string path = path_of(request.url);
    if (const auto found = answers.find(path); found != answers.end()) return found->second();
    if (path == "/v1/customers") return good(customer_list());
    if (commercial && path == kBulkPath) return good(bulk());
    for (const auto& [id, seats] : sold) {
      if (path == deployment_path(id)) return good(classic(seats));
    }
    if (path.starts_with("/v1/customers/")) return good(R"({"totalCount":0,"items":[]})");
    return HttpResponse{
        .status = 404, .headers = {}, .body = R"({"code":"1000","description":"no"})"};
  }

 private:
  static HttpResponse good(std::string body) {
    return {.status = 200, .headers = {}, .body = std::move(body)};
  }
  std::string customer_list() const {
    std::string items;
    for (const auto& id : listed) {
      const auto name = names.find(id);
      items += items.empty() ? "" : ",";
      items += R"({"id":")" + id + R"(","companyProfile":{"tenantId":")" + id +
               R"(","domain":"d.example","companyName":")" +
               (name != names.end() ? name->second : "Customer " + id.substr(0, 1)) +
               R"("},"relationshipToPartner":"reseller"})";
    }
    return R"({"totalCount":1,"items":[)" + items + "]}";
  }
  static std::string classic(int seats) {
    return R"({"totalCount":1,"items":[{"customerName":"X","productName":"P","licensesDeployed":1,)"
           R"("deploymentPercent":1.5,"licensesSold":)" +
           std::to_string(seats) +
           R"(,"processedDateTime":"2017-03-14T03:25:16Z","serviceName":"o365","channel":"reseller"}]})";
  }
  std::string bulk() const {
    std::string rows;
    int count = 0;
    for (const auto& [id, seats] : split ? commercial_sold : sold) {
      rows += rows.empty() ? "" : ",";
      rows += R"({"processedDateTime":"2018-10-14T00:00:00","serviceCode":"o365",)"
              R"("serviceName":"Microsoft Office 365","channel":"reseller","customerTenantId":")" +
              id +
              R"(","customerName":"X","productId":"P-1","productName":"P","licensesDeployed":1,)" +
              R"("licensesSold":)" + std::to_string(seats) + "}";
      ++count;
    }
    return R"({"Value":[)" + rows + R"(],"@nextLink":null,"TotalCount":)" +
           std::to_string(total_count.value_or(count)) + "}";
  }

  std::mutex mutex_;
};

}  // namespace pce
