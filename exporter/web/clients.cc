#include "exporter/web/clients.h"

#include <array>
#include <exception>
#include <memory>
#include <netdb.h>
#include <stdexcept>
#include <utility>

#include <sys/socket.h>

#include "exporter/web/tls_door.h"

namespace pce {
namespace {

int socket_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == nullptr ? -1 : info->connect_fd;
}

std::string peer_of(int socket) {
  sockaddr_storage peer{};
  auto* const raw = reinterpret_cast<sockaddr*>(&peer);
  socklen_t size = sizeof peer;
  std::array<char, NI_MAXHOST> name{};
  if (getpeername(socket, raw, &size) == 0 && peer.ss_family == AF_UNIX) return "unix";
  const bool known =
      size > 0 && getnameinfo(raw, size, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST) == 0;
  return known ? name.data() : "";
}

}  // namespace

struct Clients::Client {
  DeadlineKeeper::Connection watched;
  std::string address;
  std::shared_ptr<const TlsCredentials> credentials;  // which its session borrows
  bool left_room = true;
};

Clients::Clients(Deadlines deadlines, Tls tls, std::function<void(CutReason)> cut,
                 std::function<void(int)> changed)
    : tls_(std::move(tls)), changed_(std::move(changed)), keeper_(deadlines, std::move(cut)) {}

void Clients::on_connection(void* cls, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode code) noexcept {
  auto& clients = *static_cast<Clients*>(cls);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    *context = clients.welcome(connection);
    return;
  }
  const std::unique_ptr<Client> client(static_cast<Client*>(std::exchange(*context, nullptr)));
  if (!client) return;
  clients.keeper_.closing(client->watched);
  clients.changed_(-1);
}

// Null, and an end to the connection, where it cannot be watched or cannot speak TLS.
Clients::Client* Clients::welcome(MHD_Connection* connection) noexcept {
  const int socket = socket_of(connection);
  try {
    auto client = std::make_unique<Client>();
    client->address = peer_of(socket);
    if (tls_) {
      client->credentials = tls_();
      if (!equip(connection, *client->credentials)) throw std::runtime_error("no TLS");
    }
    client->watched = keeper_.opened(socket, client->address);
    changed_(1);
    return client.release();
  } catch (const std::exception&) {
    shutdown(socket, SHUT_RDWR);
    return nullptr;
  }
}

void Clients::request_begun(MHD_Connection* connection) {
  if (const Client* client = client_of(connection)) keeper_.request_begun(client->watched);
}

void Clients::request_complete(MHD_Connection* connection) {
  if (const Client* client = client_of(connection)) keeper_.request_complete(client->watched);
}

void Clients::answer_begun(MHD_Connection* connection, std::size_t size) {
  if (const Client* client = client_of(connection)) keeper_.answer_begun(client->watched, size);
}

void Clients::answer_taken(MHD_Connection* connection) {
  if (const Client* client = client_of(connection)) keeper_.answer_taken(client->watched);
}

std::string Clients::address(MHD_Connection* connection) {
  const Client* client = client_of(connection);
  return client == nullptr ? "" : client->address;
}

bool Clients::always_left_room(MHD_Connection* connection, bool now) {
  Client* client = client_of(connection);
  if (client == nullptr) return false;
  client->left_room = client->left_room && now;
  return client->left_room;
}

Clients::Client* Clients::client_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == nullptr ? nullptr : static_cast<Client*>(info->socket_context);
}

}  // namespace pce
