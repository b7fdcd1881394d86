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

  // From now on this configuration. What stays in it keeps what is known of it: logins that were
  // judged, what is left of the rate. Logins that others of before wait for hear that we are busy.
  void adopt(const WebConfig& config);

  // With the answer that the request gets instead of its own; nullopt: it may come in. Must not
  // throw.
  using Later = std::function<void(std::optional<WebResponse>)>;
  struct Outcome {
    bool waits = false;                    // `later` is called once, on another thread
    std::optional<WebResponse> refusal{};  // otherwise
  };
  // `authorization`: the header's value, `client`: its address.
  Outcome ask(std::string_view authorization, std::string_view client, Later later);

  // What a request gets that cannot be judged now: 503.
  static WebResponse busy();

  // The configured headers, in place of those of the same name.
  void add_headers(WebResponse& response) const;

  // Whoever waits, and who comes from now on, is refused, whatever is adopted later.
  void close();

 private:
  struct Rules {
    std::vector<Header> headers{};
    std::vector<WebUser> users{};
    std::shared_ptr<Credentials> credentials{};  // null: no password is asked for
  };
  std::shared_ptr<const Rules> rules_of(const WebConfig& config, const Rules* former) const;
  std::shared_ptr<const Rules> rules() const;
  bool within_rate();

  const Clock& clock_;
  const LoginLimits limits_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Rules> rules_;
  bool closed_ = false;
  std::optional<Rate> limit_;        // nullopt: none
  std::optional<TokenBucket> rate_;  // of limit_
};

}  // namespace pce
