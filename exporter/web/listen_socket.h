#pragma once
// A TCP socket that listens, made by us so that a failure can be put in words.
#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace pce {

class ListenSocket {
 public:
  // `host` is an address, a name, or empty: every address of this machine, IPv4 and IPv6 through
  // one socket (IPv4 alone where there is no IPv6). An address given is taken literally: "::" is
  // IPv6 only. A name stands for one address, an IPv4 one if it has any. Port 0: any free one.
  // Errors: kSettings for a host that means nothing, kInternal for what the machine refuses.
  static Result<ListenSocket> open(const std::string& host, std::uint16_t port);

  ListenSocket(ListenSocket&& other) noexcept;
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;
  ListenSocket& operator=(ListenSocket&&) = delete;
  ~ListenSocket();

  const std::string& host() const { return host_; }  // numeric, "::" for every address
  std::uint16_t port() const { return port_; }       // the real one
  int release();  // the descriptor; the caller closes it from now on

 private:
  explicit ListenSocket(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  std::string host_;
  std::uint16_t port_ = 0;
};

// "127.0.0.1:80", "[::1]:80", ":80".
std::string address_text(std::string_view host, std::uint16_t port);

}  // namespace pce
