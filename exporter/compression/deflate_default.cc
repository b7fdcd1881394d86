// For machines without ISA-L: what there is everywhere is the fastest.
#include "exporter/compression/deflate.h"

namespace pce {

std::unique_ptr<Deflater> make_deflater() { return make_zlib_deflater(); }

}  // namespace pce
