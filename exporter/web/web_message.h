#pragma once
// One request as far as we look at it, and one answer. Plain values, known to routes and server
// alike.
#include <memory>
#include <string>
#include <vector>

#include "exporter/exposition/body.h"
#include "exporter/http/transport.h"

namespace pce {

struct WebRequest {
  std::string method;
  std::string path;               // as it stood in the request line, not decoded, without the query
  std::string query{};            // what stood behind the first "?", not decoded; empty: nothing
  std::string accept{};           // several headers of one name are joined by ", "; empty: absent
  std::string accept_encoding{};  // likewise
  std::string client{};           // its address, numeric
  std::string host{}, origin{}, fetch_site{};  // Host, Origin and Sec-Fetch-Site as sent
};

struct WebResponse {
  int status = 200;
  std::string content_type{};
  std::vector<Header> headers{};  // beside Content-Type, Content-Length and Date
  std::string body{};             // for HEAD what GET would get: the server sends only its length
  Body long_body{};               // where its size is not 0: instead of `body`
  std::shared_ptr<const void> place{};  // let go of when the answer has left, or its client has
};

}  // namespace pce
