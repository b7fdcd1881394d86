#pragma once
// The connections of a server: what is known of each beside its requests, and its deadlines. For
// http_server.cc, on the library's threads.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <microhttpd.h>

#include "exporter/web/deadline_keeper.h"
#include "exporter/web/tls_credentials.h"

namespace pce {

class Clients {
 public:
  // For each new connection; empty: plain HTTP.
  using Tls = std::function<std::shared_ptr<const TlsCredentials>()>;
  // `cut` and `changed` (by 1 or -1) must be brief and not throw.
  Clients(Deadlines deadlines, Tls tls, std::function<void(CutReason)> cut,
          std::function<void(int)> changed);

  // For MHD_OPTION_NOTIFY_CONNECTION, with a Clients.
  static void on_connection(void* cls, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode code) noexcept;

  void request_begun(MHD_Connection* connection);
  void request_complete(MHD_Connection* connection);
  void answer_begun(MHD_Connection* connection, std::size_t size);
  void answer_taken(MHD_Connection* connection);

  // Numeric; empty where it is not known.
  static std::string address(MHD_Connection* connection);
  // Whether each request of the connection left_room(), see reply.h; `now`: the present one does.
  static bool always_left_room(MHD_Connection* connection, bool now);

 private:
  struct Client;
  static Client* client_of(MHD_Connection* connection);
  Client* welcome(MHD_Connection* connection) noexcept;

  const Tls tls_;
  const std::function<void(int)> changed_;
  DeadlineKeeper keeper_;
};

}  // namespace pce
