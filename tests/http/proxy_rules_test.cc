#include "exporter/http/proxy_rules.h"

#include <map>

namespace pce {
namespace {

using testing::HasSubstr;
using testing::Not;

ProxyRules::Variable environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

std::string address_for(const ProxyRules& rules, std::string_view scheme, std::string_view host) {
  const auto proxy = rules.proxy_for(scheme, host);
  if (!proxy) return "error: " + proxy.error().message;
  return *proxy ? (*proxy)->address : "none";
}

TEST(ProxyRules, SayNoneWhereNobodyNamesOne) {
  EXPECT_EQ(address_for(ProxyRules({}, environment({})), "https", "a.example"), "none");
}

struct Variables {
  std::string name;
  std::map<std::string, std::string> variables;
  std::string scheme, proxy;
};
class ProxyOfTheEnvironment : public testing::TestWithParam<Variables> {};

TEST_P(ProxyOfTheEnvironment, IsTheFirstOneThatIsNotEmpty) {
  const ProxyRules rules({}, environment(GetParam().variables));
  EXPECT_EQ(address_for(rules, GetParam().scheme, "a.example"), GetParam().proxy);
}

INSTANTIATE_TEST_SUITE_P(
    Variables, ProxyOfTheEnvironment,
    testing::Values(
        Variables{"upper_case", {{"HTTPS_PROXY", "http://u:1"}}, "https", "http://u:1"},
        Variables{"lower_case_first",
                  {{"https_proxy", "http://l:1"}, {"HTTPS_PROXY", "http://u:1"}},
                  "https",
                  "http://l:1"},
        Variables{"empty_is_not_set",
                  {{"https_proxy", ""}, {"HTTPS_PROXY", "http://u:1"}},
                  "https",
                  "http://u:1"},
        Variables{"all", {{"ALL_PROXY", "socks5h://s:9"}}, "https", "socks5h://s:9"},
        Variables{"http_is_not_https", {{"http_proxy", "http://h:1"}}, "https", "none"},
        Variables{"http", {{"http_proxy", "http://h:1"}}, "http", "http://h:1"},
        // A CGI program's client may set it by a header "Proxy:", so curl never looks at it.
        Variables{"http_in_upper_case", {{"HTTP_PROXY", "http://h:1"}}, "http", "none"}),
    [](const auto& row) { return row.param.name; });

TEST(ProxyRules, PreferTheConfigurationToTheEnvironment) {
  const ProxyRules rules({.proxy = "http://configured:3128"},
                         environment({{"HTTPS_PROXY", "http://u:p@env:1"}}));
  const auto proxy = rules.proxy_for("https", "a.example");
  ASSERT_TRUE(proxy && *proxy);
  EXPECT_EQ((*proxy)->name, "configured:3128");
  EXPECT_EQ((*proxy)->source, "the configuration");
  EXPECT_TRUE((*proxy)->user.empty()) << "the environment's credentials are another proxy's";
}

TEST(ProxyRules, KeepNoProxyBesideTheConfiguration) {
  for (const char* variable : {"no_proxy", "NO_PROXY"}) {
    const ProxyRules rules({.proxy = "http://configured:3128"},
                           environment({{variable, "inside.example"}}));
    EXPECT_EQ(address_for(rules, "https", "api.inside.example"), "none");
    EXPECT_EQ(address_for(rules, "https", "outside.example"), "http://configured:3128");
  }
}

TEST(ProxyRules, NeverProxyLoopback) {
  const ProxyRules rules({.proxy = "http://p:1"}, environment({}));
  for (const char* host : {"localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"}) {
    EXPECT_EQ(address_for(rules, "https", host), "none") << host;
  }
  for (const char* host : {"127.example.com", "localhost.example.com", "[::2]"}) {
    EXPECT_EQ(address_for(rules, "https", host), "http://p:1") << host;
  }
}

TEST(ProxyRules, AskForCredentialsAtEachCall) {
  std::string content = "user:pass:word";
  const ProxyRules rules(
      {.proxy = "http://p:1",
       .credentials = [&]() -> Result<Secret> { return Secret(std::string(content)); }},
      environment({}));
  auto proxy = rules.proxy_for("https", "a.example");
  ASSERT_TRUE(proxy && *proxy);
  EXPECT_EQ((*proxy)->user.reveal(), "user");
  EXPECT_EQ((*proxy)->password.reveal(), "pass:word");
  content = "other";
  proxy = rules.proxy_for("https", "a.example");
  ASSERT_TRUE(proxy && *proxy);
  EXPECT_EQ((*proxy)->user.reveal(), "other");
  EXPECT_TRUE((*proxy)->password.empty());
}

TEST(ProxyRules, SayWhyThereAreNoCredentials) {
  const ProxyRules rules({.proxy = "http://p:1",
                          .credentials = []() -> Result<Secret> {
                            return Error{.kind = ErrorKind::kSettings, .message = "file: gone"};
                          }},
                         environment({}));
  EXPECT_EQ(address_for(rules, "https", "a.example"),
            "error: the proxy's user and password: file: gone");
}

TEST(ProxyRules, RefuseAVariableThatNamesNoProxyWithoutShowingIt) {
  for (const char* value :
       {"ftp://MARKER@p:1", "http://MARKER:MARKER@", "http://p:MARKER", "http://MARKER MARKER:1"}) {
    const std::string said =
        address_for(ProxyRules({}, environment({{"HTTPS_PROXY", value}})), "https", "a.example");
    EXPECT_THAT(said, HasSubstr("HTTPS_PROXY")) << value;
    EXPECT_THAT(said, Not(HasSubstr("MARKER"))) << value;
  }
}

struct ProxyText {
  std::string text, address, user, password;
};
class ProxyWords : public testing::TestWithParam<ProxyText> {};

TEST_P(ProxyWords, AreReadAsCurlDoes) {
  const auto proxy = parse_proxy(GetParam().text);
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->address, GetParam().address);
  EXPECT_EQ(proxy->user.reveal(), GetParam().user);
  EXPECT_EQ(proxy->password.reveal(), GetParam().password);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ProxyWords,
    testing::Values(ProxyText{"proxy:3128", "http://proxy:3128", "", ""},
                    ProxyText{"Proxy.Example", "http://proxy.example:1080", "", ""},
                    ProxyText{"https://proxy", "https://proxy:443", "", ""},
                    ProxyText{"http://u:p@proxy:1/", "http://proxy:1", "u", "p"},
                    ProxyText{"http://u%40corp:p%3Aq%2@proxy:1", "http://proxy:1", "u@corp",
                              "p:q%2"},
                    ProxyText{"http://u:p/q@r@proxy:1/path", "http://proxy:1", "u", "p/q@r"},
                    ProxyText{"http://u@[2001:db8::1]:8080", "http://[2001:db8::1]:8080", "u", ""},
                    ProxyText{"http://[2001:db8::1]", "http://[2001:db8::1]:1080", "", ""}));

struct NoProxy {
  std::string list, host;
  bool named;
};
class NoProxyList : public testing::TestWithParam<NoProxy> {};

TEST_P(NoProxyList, NamesHostsAsCurlDoes) {
  EXPECT_EQ(named_by_no_proxy(GetParam().list, GetParam().host), GetParam().named)
      << GetParam().list << " | " << GetParam().host;
}

INSTANTIATE_TEST_SUITE_P(
    Lists, NoProxyList,
    testing::Values(
        NoProxy{"", "a.example", false}, NoProxy{"*", "a.example", true},
        NoProxy{"*,b", "a.example", false}, NoProxy{"example", "a.example", true},
        NoProxy{".example", "a.example", true}, NoProxy{"example.", "a.example", true},
        NoProxy{"EXAMPLE", "A.example.", true}, NoProxy{"ample", "a.example", false},
        NoProxy{"b.example", "a.example", false}, NoProxy{"x, a.example y", "a.example", true},
        NoProxy{"10.0.0.0/8", "10.1.2.3", true}, NoProxy{"10.0.0.0/8", "11.1.2.3", false},
        NoProxy{"10.1.2.128/25", "10.1.2.3", false}, NoProxy{"10.1.2.3", "10.1.2.3", true},
        NoProxy{"0.2.3", "10.0.2.3", false}, NoProxy{"0.0.0.0/0", "10.0.2.3", true},
        NoProxy{"10.0.0.0/33", "10.0.0.1", false}, NoProxy{"10.0.0.0/8", "10.example", false},
        NoProxy{"2001:db8::/32", "[2001:db8::7]", true},
        NoProxy{"[2001:db8::7]", "[2001:db8:0::7]", true},
        NoProxy{"2001:db8::/32", "[2001:db9::7]", false}));

}  // namespace
}  // namespace pce
