#include "exporter/polling/unusable_answer.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace pce {
namespace {

std::string rejections(const std::map<std::string, std::size_t>& rows_rejected) {
  std::string text;
  for (const auto& [reason, count] : rows_rejected) {
    if (!text.empty()) text += ' ';
    text.append(reason).append("=").append(std::to_string(count));
  }
  return text;
}

}  // namespace

std::map<std::string, std::size_t> all_rejected(const BulkDecoded& answer) {
  std::map<std::string, std::size_t> rejected = answer.rows_rejected;
  for (const auto& [customer, decoded] : answer.customers) {
    for (const auto& [reason, rows] : decoded.rows_rejected) rejected[reason] += rows;
  }
  return rejected;
}

bool unreadable(const Decoded& decoded) { return decoded.rows > 0 && decoded.records.empty(); }

bool unreadable(const BulkDecoded& answer) {
  return answer.rows > 0 && std::ranges::all_of(answer.customers, [](const CustomerDecoded& one) {
           return one.decoded.records.empty();
         });
}

Error nothing_readable(const DataSet& data_set, const BulkDecoded& answer) {
  std::string message = data_set.collector;
  message.append(": none of the ").append(std::to_string(answer.rows));
  message.append(" rows could be shown: ").append(rejections(all_rejected(answer)));
  return {.kind = ErrorKind::kMalformed, .message = std::move(message)};
}

Error rows_lost(const DataSet& data_set, std::size_t rows, std::int64_t announced) {
  std::string message = data_set.collector;
  message.append(": ").append(std::to_string(rows)).append(" rows came of the ");
  message.append(std::to_string(announced)).append(" that TotalCount announced; not shown");
  return {.kind = ErrorKind::kUpstream, .message = std::move(message)};
}

}  // namespace pce
