#pragma once
// Which proxy, if any, a call goes through. Pure: nothing is resolved or connected to.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/base/secret.h"

namespace pce {

// Proxy::source of one that was not named by the environment.
inline constexpr const char* kConfiguredProxy = "the configuration";

struct Proxy {
  std::string address;  // scheme://host:port
  std::string name;     // host:port, which is what messages say
  std::string source;   // who named it: kConfiguredProxy, or a variable of the environment
  Secret user{};
  Secret password{};
};

class ProxyRules {
 public:
  using Variable = std::function<const char*(const char* name)>;  // null: not set
  struct Options {
    std::string proxy{};  // scheme://host:port, wins over the environment; empty: the environment's
    std::function<Result<Secret>()> credentials{};  // USER:PASSWORD for it, asked for each call
  };
  // Reads the environment here and never again. `variable` empty: the process's own.
  explicit ProxyRules(Options options, const Variable& variable = {});

  // Of https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY (for http: http_proxy) the first that is not
  // empty, in curl's order; none for loopback addresses and what NO_PROXY names, whoever named the
  // proxy. `host` as in a URL. Errors: kSettings, and what `credentials` says; no message repeats
  // anything of a variable's value.
  Result<std::optional<Proxy>> proxy_for(std::string_view scheme, std::string_view host) const;

 private:
  struct Named {
    Secret value;
    std::string source;
  };
  Options options_;
  Named for_https_{};
  Named for_http_{};
  std::string no_proxy_{};
};

// [scheme://][user[:password]@]host[:port], as curl reads it: http where there is no scheme, port
// 1080 (https: 443) where there is none, percent-decoded user and password. nullopt: none of that.
std::optional<Proxy> parse_proxy(std::string_view text);

// Whether NO_PROXY's `list` (by commas or spaces: names, which mean what is below them, too;
// addresses, also as 10.0.0.0/8; or * alone) names this host.
bool named_by_no_proxy(std::string_view list, std::string_view host);

// localhost and what is below it, 127.0.0.0/8, [::1].
bool is_loopback(std::string_view host);

}  // namespace pce
