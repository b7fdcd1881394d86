// What no exporter can be faster than: bytes that are there already, sent by our own web server.
// pce_bench_floor PORT PLAIN-FILE GZIP-FILE; prints what copying the plain one in memory takes.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "exporter/web/http_server.h"

namespace pce {
namespace {

std::string content_of(const char* file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The median of several copies, once the pages are there.
double seconds_to_copy(const std::string& from) {
  std::string to(from.size(), ' ');
  std::vector<double> all;
  for (int i = 0; i < 9; ++i) {
    const auto began = std::chrono::steady_clock::now();
    std::memcpy(to.data(), from.data(), from.size());
    __asm__ volatile("" : : "g"(to.data()) : "memory");  // the copy is not left out
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    all.push_back(took.count());
  }
  std::ranges::nth_element(all, all.begin() + 4);
  return all[4];
}

int serve(std::uint16_t port, const char* plain_file, const char* gzip_file) {
  const std::string plain = content_of(plain_file);
  const std::string gzip = content_of(gzip_file);
  if (plain.empty() || gzip.empty()) {
    std::fprintf(stderr, "pce_bench_floor: a file is empty, or cannot be read\n");
    return 1;
  }
  const auto answer = [&](const WebRequest& request) {
    const bool packed = request.accept_encoding == "gzip";
    const std::string_view body = packed ? gzip : plain;
    WebResponse response{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                         .long_body = {.size = body.size(), .pieces = {body}}};
    if (packed) response.headers.push_back({"Content-Encoding", "gzip"});
    return response;
  };
  std::printf("copy_seconds %.9f\n", seconds_to_copy(plain));
  const auto server = HttpServer::start({{.host = "127.0.0.1", .port = port}}, answer);
  if (!server) {
    std::fprintf(stderr, "pce_bench_floor: %s\n", server.error().message.c_str());
    return 1;
  }
  std::puts("Listening");
  std::fflush(stdout);
  for (;;) pause();
}

}  // namespace
}  // namespace pce

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  if (argc == 4) std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), port);
  if (port == 0) {
    std::fprintf(stderr, "usage: pce_bench_floor PORT PLAIN-FILE GZIP-FILE\n");
    return 2;
  }
  return pce::serve(port, argv[2], argv[3]);
}
