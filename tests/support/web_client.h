#pragma once
// A plain HTTP/1.1 client over loopback sockets, for tests only: one request, one connection.
#include <chrono>
#include <map>
#include <string>

namespace pce {

struct WebAnswer {
  int status = 0;                              // 0: no answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct WebQuestion {
  std::string method = "GET";
  std::string path = "/";
  std::string headers{};  // "Accept: …\r\n"
  std::string body{};
};

WebAnswer ask(int port, const WebQuestion& question,
              std::chrono::milliseconds deadline = std::chrono::seconds(20));

int free_port();  // free on 127.0.0.1 a moment ago

}  // namespace pce
