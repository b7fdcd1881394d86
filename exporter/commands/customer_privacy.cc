#include "exporter/commands/customer_privacy.h"

#include "exporter/settings/secret_file.h"

namespace pce {

Result<CustomerPrivacy> customer_privacy(const MetricSettings& metrics) {
  CustomerPrivacy privacy;
  if (metrics.customer_label == CustomerLabel::kId) privacy.naming = CustomerNaming::by_id();
  if (!metrics.customer_key_file) return privacy;
  auto key = read_secret_file(*metrics.customer_key_file);
  if (!key) return key.error();
  const bool hash = metrics.customer_label == CustomerLabel::kHash;
  // What was kept under ids is of no use under pseudonyms, and the other way round.
  privacy.seal.emplace(*key, hash ? "kept answers, pseudonyms" : "kept answers");
  if (hash) privacy.naming = CustomerNaming::by_hash(*std::move(key));
  return privacy;
}

}  // namespace pce
