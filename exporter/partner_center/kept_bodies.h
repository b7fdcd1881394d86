#pragma once
// What was read page by page, kept so that it can be read again in the same way.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "exporter/compression/packed_text.h"
#include "exporter/partner_center/body_source.h"

namespace pce {

// Keeps what passes through.
class KeepingSource final : public BodySource {
 public:
  explicit KeepingSource(BodySource& source) : source_(source) {}
  Result<std::string> get(const ApiCall& call, std::stop_token stop) override;
  const std::string& api_base() const override { return source_.api_base(); }
  std::vector<PackedText> take() { return std::exchange(bodies_, {}); }

 private:
  BodySource& source_;
  std::vector<PackedText> bodies_;
};

// Gives out kept bodies in the order they came, to whoever asks in that order again. Errors:
// kMalformed where they are damaged or come to an end.
class KeptSource final : public BodySource {
 public:
  KeptSource(std::span<const PackedText> bodies, std::string api_base)
      : bodies_(bodies), api_base_(std::move(api_base)) {}
  Result<std::string> get(const ApiCall& call, std::stop_token stop) override;
  const std::string& api_base() const override { return api_base_; }

 private:
  std::span<const PackedText> bodies_;  // those not given out yet
  const std::string api_base_;
};

}  // namespace pce
