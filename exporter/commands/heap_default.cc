// For machines without jemalloc: the C library's heap.
#include <malloc.h>

#include "exporter/commands/heap.h"

namespace pce {

// What is large (pages, prepared bodies) is mapped by itself, however large the last one was, and
// so given back when it is done with.
void share_one_heap() {
#ifdef __GLIBC__
  constexpr int kLarge = 256 * 1024;
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, kLarge);
#endif
}

}  // namespace pce
