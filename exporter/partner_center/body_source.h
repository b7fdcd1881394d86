#pragma once
// Where the bodies of answers come from: Partner Center, or answers that were kept.
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/http/transport.h"

namespace pce {

inline constexpr std::size_t kBodyBytesMax = 64U * 1024 * 1024;  // of one body, decoded

struct ApiCall {
  std::string_view operation;     // the label `operation`
  std::string path{};             // below the API base, with query: "/v1/customers?size=500"
  std::string correlation_id{};   // MS-CorrelationId: one for all calls of a round; empty: not sent
  std::vector<Header> headers{};  // beside or in place of the usual ones
  std::string shown_path{};       // in its place in messages, where `path` is not to be shown
};

class BodySource {
 public:
  virtual ~BodySource() = default;
  // The body of a good answer, decoded, as it came.
  virtual Result<std::string> get(const ApiCall& call, std::stop_token stop) = 0;
  virtual const std::string& api_base() const = 0;  // without a slash at its end
};

}  // namespace pce
