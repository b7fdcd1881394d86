#pragma once
// The lines of an insight family's samples. They differ between formats in how a percent is spelled
// only.
#include <string>
#include <vector>

#include "exporter/exposition/families.h"
#include "exporter/store/snapshot.h"

namespace pce {

// Made once for a family and a format, which it must not outlive. Any thread.
class InsightSamples {
 public:
  InsightSamples(const Family& family, const Encoder& encoder);

  // The samples of these slices, each a line, in their order; unknown values give none.
  void append(std::string& out, const SliceRun& run) const;

 private:
  void append_sample(std::string& out, const Slice& slice, const Record& record) const;

  const Family& family_;
  const Encoder& encoder_;
  std::vector<std::string> before_;  // before_[i] stands in front of the value of label i
};

}  // namespace pce
