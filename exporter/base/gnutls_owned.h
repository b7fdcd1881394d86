#pragma once
// GnuTLS's handles, released with their owner. Included by .cc files and headers of their own room.
#include <memory>
#include <type_traits>

namespace pce {

template <auto kRelease>
struct GnutlsRelease {
  template <typename T>
  void operator()(T* handle) const {
    kRelease(handle);
  }
};
// GnutlsOwned<gnutls_x509_crt_t, gnutls_x509_crt_deinit>
template <typename Handle, auto kRelease>
using GnutlsOwned = std::unique_ptr<std::remove_pointer_t<Handle>, GnutlsRelease<kRelease>>;

}  // namespace pce
