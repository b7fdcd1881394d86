#pragma once
// A loopback socket and a thread for everyone who connects to it.
#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pce {

class LoopbackListener {
 public:
  // `serve` owns nothing: the socket is closed when it returns. When the listener ends, the socket
  // is shut down under its feet, so that a blocking call returns.
  explicit LoopbackListener(std::function<void(int peer)> serve);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  int port() const { return port_; }
  int connections() const { return connections_; }
  // Another socket that a server waits on: shut down with the others. False: we are ending.
  bool watch(int socket);
  void forget(int socket);

 private:
  void accept_all();

  const std::function<void(int)> serve_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  bool ending_ = false;
  std::set<int> watched_;
  std::list<std::thread> servers_;  // touched by the acceptor, and once that has ended
  std::thread acceptor_;
};

// A loopback port that never answers whoever connects.
class DeafPort {
 public:
  DeafPort();
  ~DeafPort();
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;
  int port() const { return port_; }

 private:
  std::vector<int> sockets_;
  int port_ = 0;
};

// A socket connected to 127.0.0.1:port; -1: nobody listens.
int connect_to_loopback(int port);
bool send_whole(int socket, std::string_view bytes);
// Up to the empty line that ends a head, with it; empty: the other side is gone.
std::string read_head(int socket);

}  // namespace pce
