#include "exporter/web/held_request.h"

#include <utility>

#include "exporter/web/clients.h"
#include "exporter/web/library_request.h"

namespace pce {

bool HeldRequest::hold(MHD_Connection* connection) {
  const std::scoped_lock lock(mutex_);
  if (decided_) return false;
  MHD_suspend_connection(connection);
  held_ = connection;
  return true;
}

void HeldRequest::decide(std::optional<WebResponse> refusal) {
  const std::scoped_lock lock(mutex_);
  refusal_ = std::move(refusal);
  decided_ = true;
  if (held_ != nullptr) MHD_resume_connection(held_);
}

std::optional<WebResponse> HeldRequest::take_refusal() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(refusal_, std::nullopt);
}

Entry enter(Doorkeeper& doorkeeper, MHD_Connection* connection,
            const std::vector<SentHeader>& headers, std::shared_ptr<HeldRequest>& held) {
  if (held) return {.refusal = held->take_refusal()};
  auto judged = std::make_shared<HeldRequest>();
  auto outcome = doorkeeper.ask(
      joined_values(headers, MHD_HTTP_HEADER_AUTHORIZATION), Clients::address(connection),
      [judged](std::optional<WebResponse> refusal) { judged->decide(std::move(refusal)); });
  if (!outcome.waits) return {.refusal = std::move(outcome.refusal)};
  if (announces_body(headers)) return {.refusal = Doorkeeper::busy()};
  held = judged;
  if (held->hold(connection)) return {.waits = true};
  return {.refusal = held->take_refusal()};
}

}  // namespace pce
