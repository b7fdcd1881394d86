#pragma once
// A Transport with a script: each request is remembered and answered by the function given. Any
// thread.
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "exporter/http/transport.h"

namespace pce {

class ScriptedTransport final : public Transport {
 public:
  using Answer = std::function<Result<HttpResponse>(const HttpRequest&)>;
  explicit ScriptedTransport(Answer answer) : answer_(std::move(answer)) {}

  Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop) override {
    if (stop.stop_requested()) return Error{.kind = ErrorKind::kCancelled, .message = "stopping"};
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(request);
    }
    return answer_(request);
  }

  std::vector<HttpRequest> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
};

}  // namespace pce
