#pragma once
// The memory that new and malloc give.

namespace pce {

// All threads share one heap. With one each, the rows that a thread read and a later round replaced
// would make room for that thread only: several times the memory of what is kept. Called before
// the first thread starts.
void share_one_heap();

}  // namespace pce
