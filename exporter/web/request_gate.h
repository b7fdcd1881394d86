#pragma once
// Refuses requests that two programs could read differently, before they reach any route: they are
// how requests are smuggled past a proxy. libmicrohttpd 0.9.75 lets them through even when told to
// be strict. And what is longer than anybody honest needs: a target of 16 KiB, 100 headers, 16 KiB
// of them. Pure. Any thread. Source: RFC 9112 sections 5 and 6.3, RFC 9110 section 5.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pce {

struct SentHeader {
  std::string_view name;
  std::string_view value;
};

struct Refusal {
  int status = 400;
  std::string reason;  // a sentence for whoever sent it, quoting nothing of what was sent
};

struct RequestLine {
  std::string_view method;
  std::string_view target;
  std::string_view version;  // "HTTP/1.1"
};

// After a refusal the connection must be closed: nobody knows where the next request would begin.
std::optional<Refusal> refuse_request(const RequestLine& line,
                                      const std::vector<SentHeader>& headers);

// Whether a request that was not refused has a body, which nothing here ever reads.
bool announces_body(const std::vector<SentHeader>& headers);

// Looks at a header block whose library has put one zero byte in place of each character that ended
// something: the first colon of each line, and CR and LF at its end. `block` runs from the HTTP
// version to the end of the empty line. Only so can a zero byte that was sent, a lone LF and a
// folded line still be told from the honest ones.
std::optional<Refusal> refuse_header_block(std::string_view block);

}  // namespace pce
