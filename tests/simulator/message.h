#pragma once
// What comes in, what goes out, and how it is to be delivered. Nothing here knows the HTTP library.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/text.h"

namespace simulator {

struct Request {
  std::string method;
  std::string path;   // as sent, percent-decoded
  std::string query;  // as sent
  Fields arguments;   // the query, decoded
  Fields headers;
  std::string body;

  std::optional<std::string> header(std::string_view name) const {
    return find_field(headers, name);
  }
};

struct Response {
  int status = 200;
  Fields headers;
  std::string body;

  std::optional<std::chrono::seconds> wait;  // what its Retry-After asks for at least

  // Delivery, by faults only.
  bool close = false;  // cut the connection without an answer
  std::optional<std::size_t>
      cut_after;         // announce the whole body, send this much, cut the connection
  bool endless = false;  // repeat the body until the client goes away
  std::optional<std::uint64_t> padded_to;      // the body, then spaces up to this size
  std::chrono::milliseconds between_bytes{0};  // drip the body one byte at a time
};

Response json_answer(int status, std::string body);
// Shape E1. `code` is printed as text, or as a number on request.
Response error_answer(int status, std::string_view code, std::string_view description,
                      bool numeric_code = false);
// Shape E2, of the API gateway.
Response gateway_answer(int status, std::string_view message);

}  // namespace simulator
