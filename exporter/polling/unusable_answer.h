#pragma once
// Answers that were read and yet cannot be used.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "exporter/base/result.h"
#include "exporter/insights/bulk_decoder.h"
#include "exporter/insights/data_set.h"

namespace pce {

// There are rows, and none could be shown.
bool unreadable(const Decoded& decoded);
bool unreadable(const BulkDecoded& answer);

// Rejected rows by reason, those of customers and those of nobody.
std::map<std::string, std::size_t> all_rejected(const BulkDecoded& answer);

// kMalformed, with the number of rows and why they were rejected.
Error nothing_readable(const DataSet& data_set, const BulkDecoded& answer);
// kUpstream, for it may pass: fewer rows came than TotalCount announced.
Error rows_lost(const DataSet& data_set, std::size_t rows, std::int64_t announced);

}  // namespace pce
