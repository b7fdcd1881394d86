#pragma once
// A request that waits for its password to be judged, while the library's threads go on with
// others. For http_server.cc.
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <microhttpd.h>

#include "exporter/web/doorkeeper.h"
#include "exporter/web/request_gate.h"
#include "exporter/web/web_message.h"

namespace pce {

// Shared by the library's thread and the one that judges.
class HeldRequest {
 public:
  // On the library's thread, in its handler, which then returns: it is called again when the
  // verdict has come. False: it has come already.
  bool hold(MHD_Connection* connection);
  // On any thread, once: with the answer instead of the request's own, or nullopt.
  void decide(std::optional<WebResponse> refusal);
  // After that, on the library's thread.
  std::optional<WebResponse> take_refusal();

 private:
  std::mutex mutex_;
  bool decided_ = false;
  MHD_Connection* held_ = nullptr;
  std::optional<WebResponse> refusal_;
};

// Whether a request may come in.
struct Entry {
  bool waits = false;  // its handler returns, and is called again
  std::optional<WebResponse> refusal{};
};
// `held`: the request's own, null at first. A request with a body is not held, because it is
// answered before that is read: the first time that somebody logs in with one, they hear that we
// are busy.
Entry enter(Doorkeeper& doorkeeper, MHD_Connection* connection,
            const std::vector<SentHeader>& headers, std::shared_ptr<HeldRequest>& held);

}  // namespace pce
