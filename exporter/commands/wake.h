#pragma once
// Something that poll() can wait for and another thread can bring about.
#include "exporter/base/descriptor.h"

namespace pce {

class Wake {
 public:
  Wake();  // throws std::system_error where the process may open nothing more
  int descriptor() const { return file_.number(); }  // readable once and for all after set()
  void set() const;                                  // any thread

 private:
  Descriptor file_;
};

}  // namespace pce
