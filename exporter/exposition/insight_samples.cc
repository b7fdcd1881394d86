#include "exporter/exposition/insight_samples.h"

#include <charconv>

namespace pce {

InsightSamples::InsightSamples(const Family& family, const Encoder& encoder)
    : family_(family), encoder_(encoder) {
  std::string text = encoder.sample_name(family) + '{';
  for (const LabelPlace& place : family.labels) {
    before_.push_back(text + place.name + "=\"");
    text = "\",";
  }
}

void InsightSamples::append(std::string& out, const SliceRun& run) const {
  for (const auto& slice : run) {
    for (const Record& record : slice->records) {
      if (record.values[family_.metric].known()) append_sample(out, *slice, record);
    }
  }
}

void InsightSamples::append_sample(std::string& out, const Slice& slice,
                                   const Record& record) const {
  for (std::size_t i = 0; i < before_.size(); ++i) {
    out.append(before_[i]).append(family_.labels[i].value(slice, record).escaped());
  }
  out += "\"} ";
  const Number& value = record.values[family_.metric];
  if (value.is_whole()) {
    char buffer[24];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value.whole()).ptr);
  } else {
    encoder_.append_real(out, value.value());
  }
  out += '\n';
}

}  // namespace pce
