#include <algorithm>
#include <limits>
#include <new>
#include <stdexcept>

#include <zlib.h>

#include "exporter/compression/deflate.h"

namespace pce {
namespace {

constexpr std::size_t kPieceMax = std::numeric_limits<uInt>::max();

class ZlibDeflater final : public Deflater {
 public:
  ZlibDeflater() {
    constexpr int kFastest = 1;
    constexpr int kRawWindow = -15;  // negative: no frame around the stream
    constexpr int kMemory = 9;
    if (deflateInit2(&stream_, kFastest, Z_DEFLATED, kRawWindow, kMemory, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~ZlibDeflater() override { deflateEnd(&stream_); }
  ZlibDeflater(const ZlibDeflater&) = delete;
  ZlibDeflater& operator=(const ZlibDeflater&) = delete;
  ZlibDeflater(ZlibDeflater&&) = delete;
  ZlibDeflater& operator=(ZlibDeflater&&) = delete;

  void append_blocks(std::string& out, std::string_view plain) override {
    deflateReset(&stream_);
    std::size_t written = out.size();
    out.resize(written + plain.size() / 4 + 64);
    bool flushed = false;
    while (!flushed) {
      const std::size_t give = std::min(plain.size(), kPieceMax);
      const std::size_t room = std::min(out.size() - written, kPieceMax);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
      stream_.avail_in = static_cast<uInt>(give);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + written);
      stream_.avail_out = static_cast<uInt>(room);
      const int state = ::deflate(&stream_, give == plain.size() ? Z_FULL_FLUSH : Z_NO_FLUSH);
      // Z_BUF_ERROR: the flush was complete already when it was asked for once more.
      if (state != Z_OK && state != Z_BUF_ERROR) throw std::logic_error("zlib refuses to deflate");
      plain.remove_prefix(give - stream_.avail_in);
      written += room - stream_.avail_out;
      flushed = plain.empty() && stream_.avail_out > 0;
      if (stream_.avail_out == 0) out.resize(out.size() + out.size() / 2 + 64);
    }
    out.resize(written);
  }

  std::uint32_t crc(std::string_view plain) const override {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(plain.data()), plain.size()));
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<Deflater> make_zlib_deflater() { return std::make_unique<ZlibDeflater>(); }

}  // namespace pce
