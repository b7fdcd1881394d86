#pragma once
// An HTTP proxy for CONNECT. Whatever name it is asked for, it leads to one loopback port: so made
// up names work, and only through it.
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_listener.h"

namespace pce {

class ConnectProxy {
 public:
  struct Manners {
    std::string authorization{};  // "Basic …" that is demanded; empty: everybody may
    int refuse_with = 0;          // answer every CONNECT with this status
    bool silent = false;          // never answer
    std::optional<std::size_t>
        die_after{};  // so many bytes from the other side; 0: before the answer
  };
  explicit ConnectProxy(int target_port) : ConnectProxy(target_port, Manners{}) {}
  ConnectProxy(int target_port, Manners manners);

  int port() const { return listener_.port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  int connections() const { return listener_.connections(); }
  // The heads of all requests.
  std::vector<std::string> requests() const;

 private:
  void serve(int peer);
  void relay(int peer, int target) const;

  const int target_port_;
  const Manners manners_;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  LoopbackListener listener_;  // last: its threads use the others
};

}  // namespace pce
