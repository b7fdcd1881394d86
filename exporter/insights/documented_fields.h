#pragma once
// Every name that Partner Center's documents, its announcements or recorded answers use in licence
// insights (partner-center-api.md 1.2, 1.4, 2.3, 2.4). A name that is not here is news.
#include <array>
#include <string_view>

namespace pce {

inline constexpr std::array<std::string_view, 2> kRowKeys{"items", "Value"};

// In the order of preference: where two are given, the first one holds.
inline constexpr std::array<std::string_view, 3> kNextLinks{"@nextLink", "nextLink",
                                                            "@odata.nextLink"};
inline constexpr std::string_view kTotalCount = "TotalCount";

inline constexpr std::array<std::string_view, 6> kDocumentedEnvelope{
    kTotalCount, kNextLinks[0], kNextLinks[1], kNextLinks[2], "attributes", "links"};

inline constexpr auto kDocumentedFields =
    std::to_array<std::string_view>({"processedDateTime",
                                     "serviceCode",
                                     "serviceName",
                                     "channel",
                                     "customerId",
                                     "customerTenantId",
                                     "customerName",
                                     "productId",
                                     "productName",
                                     "workloadCode",
                                     "workloadName",
                                     "licensesSold",
                                     "licensesDeployed",
                                     "deploymentPercent",
                                     "proratedDeploymentPercent",
                                     "licensesActive",
                                     "licenseActive",
                                     "licensesQualified",
                                     "usagePercent",
                                     "proratedLicensesUsagePercent",
                                     "proratedLicenseUsagePercent",
                                     "attributes",
                                     "links"});

}  // namespace pce
