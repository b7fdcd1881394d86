#pragma once
// Ctrl-C, SIGTERM and SIGHUP as a request to stop, for commands that work while somebody waits.
#include <stop_token>
#include <thread>

#include "exporter/commands/wake.h"

namespace pce {

class Interruption {
 public:
  // To be made before the first thread, which inherits that these signals interrupt nothing else.
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  Wake over_;
  Descriptor signals_;
  std::thread watch_;
};

}  // namespace pce
