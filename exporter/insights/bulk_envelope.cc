#include "exporter/insights/bulk_envelope.h"

#include <cstddef>
#include <utility>

namespace pce {

void BulkEnvelope::read(std::string_view key, const JsonScalar& value, DriftCounter& drift) {
  drift.envelope(key, value.kind);
  if (same_key(key, kTotalCount)) read_total(value, drift);
  for (std::size_t i = 0; i < kNextLinks.size(); ++i) {
    if (same_key(key, kNextLinks[i])) links_[i] = {value.kind, std::string(value.text)};
  }
}

Status BulkEnvelope::check() const {
  for (std::size_t i = 0; i < kNextLinks.size(); ++i) {
    const JsonKind kind = links_[i].kind;
    if (kind == JsonKind::kAbsent || kind == JsonKind::kNull || kind == JsonKind::kText) continue;
    std::string message = "JSON: \"";
    message.append(kNextLinks[i]).append("\" is ").append(name_of(kind));
    message.append(", wanted text or null");
    return Error{.kind = ErrorKind::kMalformed, .message = std::move(message)};
  }
  return Done{};
}

std::optional<std::string> BulkEnvelope::next_link() const {
  for (const Link& link : links_) {
    if (!link.text.empty()) return link.text;
  }
  return std::nullopt;
}

void BulkEnvelope::read_total(const JsonScalar& value, DriftCounter& drift) {
  total_count_.reset();
  if (value.kind == JsonKind::kNull) return;
  const auto total = value.to_integer();
  if (!total) {
    drift.wrong_type(kTotalCount, value.kind);
  } else if (*total >= 0) {
    total_count_ = total;
  }
}

}  // namespace pce
