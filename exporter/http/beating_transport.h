#pragma once
// A transport whose calls are signs of life: each has its request's timeout, and is overdue after
// it.
#include "exporter/base/heart.h"
#include "exporter/http/transport.h"

namespace pce {

class BeatingTransport final : public Transport {
 public:
  // The references must outlive it.
  BeatingTransport(Transport& transport, const Clock& clock, Heart& heart)
      : transport_(transport), clock_(clock), heart_(heart) {}

  Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop) override {
    const Heart::Wait wait(heart_, clock_.steady() + request.timeout);
    return transport_.send(request, std::move(stop));
  }

 private:
  Transport& transport_;
  const Clock& clock_;
  Heart& heart_;
};

}  // namespace pce
