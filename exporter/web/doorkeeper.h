#pragma once
// What a web configuration asks of each request before anything answers it, a rate and a password,
// and what it adds to each answer. Knows no socket. Any thread.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/web/credentials.h"
#include "exporter/web/token_bucket.h"
#include "exporter/web/web_config.h"
#include "exporter/web/web_message.h"

namespace pce {

class Doorkeeper {
 public:
  // Borrows `clock`.
  Doorkeeper(const WebConfig& config, const Clock& clock, LoginLimits limits = {});

  // With the answer that the request gets instead of its own; nullopt: it may come in. Must not
  // throw.
  using Later = std::function<void(std::optional<WebResponse>)>;
  struct Outcome {
    bool waits = false;                    // `later` is called once, on another thread
    std::optional<WebResponse> refusal{};  // otherwise
  };
  // `authorization`: the header's value, `client`: its address.
  Outcome ask(std::string_view authorization, std::string_view client, Later later);
  // Whether ask() may ever say that a request waits.
  bool may_wait() const { return credentials_ != nullptr; }

  // What a request gets that cannot be judged now: 503.
  static WebResponse busy();

  // The configured headers, in place of those of the same name.
  void add_headers(WebResponse& response) const;

  // Whoever waits, and who comes from now on, is refused.
  void close();

 private:
  bool within_rate();

  const Clock& clock_;
  const std::vector<Header> headers_;
  std::mutex mutex_;
  std::optional<TokenBucket> rate_;           // nullopt: no limit
  std::unique_ptr<Credentials> credentials_;  // null: no password is asked for
};

}  // namespace pce
