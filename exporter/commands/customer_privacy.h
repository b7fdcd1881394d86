#pragma once
// metrics.customer_label and its key, as what they do.
#include <optional>

#include "exporter/base/result.h"
#include "exporter/base/seal.h"
#include "exporter/polling/customer_naming.h"
#include "exporter/settings/settings.h"

namespace pce {

struct CustomerPrivacy {
  CustomerNaming naming{};
  // Of the answers kept for the next start; where there is a key.
  std::optional<Seal> seal{};
  friend bool operator==(const CustomerPrivacy&, const CustomerPrivacy&) = default;
};

// Reads the key. Errors: those of read_secret_file().
Result<CustomerPrivacy> customer_privacy(const MetricSettings& metrics);

}  // namespace pce
