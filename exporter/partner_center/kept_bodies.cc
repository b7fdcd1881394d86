#include "exporter/partner_center/kept_bodies.h"

#include <utility>

namespace pce {

Result<std::string> KeepingSource::get(const ApiCall& call, std::stop_token stop) {
  auto body = source_.get(call, std::move(stop));
  if (body) bodies_.push_back(pack(*body));
  return body;
}

Result<std::string> KeptSource::get(const ApiCall& call, std::stop_token /*stop*/) {
  if (bodies_.empty()) {
    return Error{.kind = ErrorKind::kMalformed,
                 .message = std::string(call.operation) + ": no more pages were kept"};
  }
  auto body = unpack(bodies_.front(), kBodyBytesMax);
  bodies_ = bodies_.subspan(1);
  return body;
}

}  // namespace pce
