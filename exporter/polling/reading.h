#pragma once
// One question to Partner Center, and what came of it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/compression/packed_text.h"
#include "exporter/insights/bulk_decoder.h"
#include "exporter/insights/data_set.h"
#include "exporter/partner_center/customer_list.h"
#include "exporter/polling/answer_guard.h"
#include "exporter/store/slice.h"

namespace pce {

struct Reading {
  const DataSet* data_set = nullptr;
  Source source = Source::kClassic;
  std::optional<Customer>
      customer{};               // whom the answer is about; nullopt: the partner, or everybody
  SliceKey key{};               // how the schedule knows it
  bool second_opinion = false;  // asked because the other source's answer is in doubt
};

struct Outcome {
  enum class Kind {
    kNotMade,   // stopped, or given up because no call can succeed now
    kAnswered,  // `answer` holds it
    kNotOurs,   // Partner Center says this customer is not ours
    kFailed
  };
  Kind kind = Kind::kNotMade;
  BulkDecoded answer{};  // of a classic reading: the one customer, or the partner
  std::optional<std::int64_t> rows_announced{};  // TotalCount of a commercial answer
  std::size_t calls = 0;  // that such an answer took, in its last attempt; 0: it was none
  std::vector<PackedText> bodies{};  // of an answer, where they are to be kept
  std::optional<Error> error{};
  SteadyTime end{};
};

}  // namespace pce
