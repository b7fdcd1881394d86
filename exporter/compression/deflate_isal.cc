#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "exporter/compression/deflate.h"

namespace pce {
namespace {

constexpr std::size_t kPieceMax = std::numeric_limits<std::uint32_t>::max();

class IsalDeflater final : public Deflater {
 public:
  void append_blocks(std::string& out, std::string_view plain) override {
    isal_deflate_init(&stream_);
    stream_.level = 1;
    stream_.level_buf = working_memory_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(working_memory_.size());
    stream_.gzip_flag = IGZIP_DEFLATE;
    stream_.end_of_stream = 0;

    std::size_t written = out.size();
    out.resize(written + plain.size() / 4 + 64);
    bool flushed = false;
    while (!flushed) {
      const std::size_t give = std::min(plain.size(), kPieceMax);
      const std::size_t room = std::min(out.size() - written, kPieceMax);
      stream_.flush = give == plain.size() ? FULL_FLUSH : NO_FLUSH;
      stream_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(plain.data()));
      stream_.avail_in = static_cast<std::uint32_t>(give);
      stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data() + written);
      stream_.avail_out = static_cast<std::uint32_t>(room);
      if (isal_deflate(&stream_) != COMP_OK) throw std::logic_error("ISA-L refuses to deflate");
      plain.remove_prefix(give - stream_.avail_in);
      written += room - stream_.avail_out;
      flushed = plain.empty() && stream_.avail_out > 0;
      if (stream_.avail_out == 0) out.resize(out.size() + out.size() / 2 + 64);
    }
    out.resize(written);
  }

  std::uint32_t crc(std::string_view plain) const override {
    return crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(plain.data()), plain.size());
  }

 private:
  isal_zstream stream_{};
  std::array<std::uint8_t, ISAL_DEF_LVL1_DEFAULT> working_memory_{};
};

}  // namespace

std::unique_ptr<Deflater> make_deflater() { return std::make_unique<IsalDeflater>(); }

}  // namespace pce
