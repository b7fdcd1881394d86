#pragma once
// A socket that listens, made by us so that a failure can be put in words, or handed over to us.
#include <vector>

#include "exporter/base/result.h"
#include "exporter/settings/listen_address.h"

namespace pce {

class ListenSocket {
 public:
  // A host is an address, a name, or empty: every address of this machine, IPv4 and IPv6 through
  // one socket (IPv4 alone where there is no IPv6). An address given is taken literally: "::" is
  // IPv6 only. A name stands for one address, an IPv4 one if it has any. Errors: kSettings for a
  // host that means nothing, kInternal for what the machine refuses.
  // A unix socket is for its owner and group (0660); one that nobody listens on any more is
  // replaced.
  static Result<ListenSocket> open(const ListenAddress& wanted);
  // All of them or none; at least one.
  static Result<std::vector<ListenSocket>> open_all(const std::vector<ListenAddress>& wanted);
  // One that somebody else opened, such as systemd; it is ours from now on, on failure too. Errors:
  // kSettings for what is no socket that listens for connections.
  static Result<ListenSocket> adopt(int descriptor);

  ListenSocket(ListenSocket&& other) noexcept;
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;
  ListenSocket& operator=(ListenSocket&&) = delete;
  ~ListenSocket();  // with the file of a unix socket that we made

  // What it really is: the host numeric ("::" for every address), the port the real one.
  const ListenAddress& address() const { return address_; }
  // The caller closes the descriptor from now on; the file goes with us all the same.
  int release();

 private:
  explicit ListenSocket(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  ListenAddress address_;
  bool owns_file_ = false;
};

}  // namespace pce
