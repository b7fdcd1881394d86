#include "exporter/compression/packed_text.h"

#include <limits>
#include <memory>

#include <zlib.h>

#include "exporter/compression/deflate.h"

namespace pce {
namespace {

constexpr std::string_view kLastBlock("\x03\x00", 2);  // empty, with fixed codes
constexpr std::size_t kPieceMax = std::numeric_limits<uInt>::max();

class Inflater {
 public:
  Inflater() {
    constexpr int kRawWindow = -15;  // negative: no frame around the stream
    ready_ = inflateInit2(&stream_, kRawWindow) == Z_OK;
  }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  Inflater(Inflater&&) = delete;
  Inflater& operator=(Inflater&&) = delete;

  // Whether `deflated` is one whole stream of one byte less than `text` has, which has that byte so
  // that a longer one is noticed.
  bool fill(std::string& text, std::string_view deflated) {
    if (!ready_ || deflated.size() > kPieceMax || text.size() > kPieceMax) return false;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(deflated.data()));
    stream_.avail_in = static_cast<uInt>(deflated.size());
    stream_.next_out = reinterpret_cast<Bytef*>(text.data());
    stream_.avail_out = static_cast<uInt>(text.size());
    const int state = inflate(&stream_, Z_FINISH);
    return state == Z_STREAM_END && stream_.avail_in == 0 && stream_.avail_out == 1;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

PackedText pack(std::string_view text) {
  // Its working memory is too large to be made for every small answer.
  thread_local const std::unique_ptr<Deflater> deflater = make_deflater();
  PackedText packed{.deflated = {}, .size = text.size()};
  deflater->append_blocks(packed.deflated, text);
  packed.deflated += kLastBlock;
  packed.deflated.shrink_to_fit();
  return packed;
}

Result<std::string> unpack(const PackedText& packed, std::size_t size_max) {
  if (packed.size > size_max) {
    return Error{.kind = ErrorKind::kTooLarge,
                 .message = "a packed text of " + std::to_string(packed.size) +
                            " bytes, more than " + std::to_string(size_max)};
  }
  // Not a byte more later, which would move all of it.
  std::string text(static_cast<std::size_t>(packed.size) + 1, '\0');
  if (Inflater().fill(text, packed.deflated)) {
    text.pop_back();
    return text;
  }
  return Error{.kind = ErrorKind::kMalformed,
               .message = "a packed text is damaged, or not as long as it should be"};
}

}  // namespace pce
