// jemalloc, which leaves fewer holes where whole estates come and go.
#include "exporter/commands/heap.h"

// Read by jemalloc before main(). What is free goes back at once: a round frees large pieces, and
// the next one is hours away.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:1,dirty_decay_ms:0,muzzy_decay_ms:0";
}

namespace pce {

void share_one_heap() {}  // it does from the beginning

}  // namespace pce
