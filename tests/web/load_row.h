#pragma once
// What the tests of the rows L01 to L12 share: a server of scrapes, what a healthy scraper sees of
// it, and what this process takes of the machine. Source: reliability matrix, section 2.6.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <sys/resource.h>

#include "exporter/web/http_server.h"
#include "tests/support/body.h"
#include "tests/support/slow_clients.h"
#include "tests/web/served.h"

namespace pce {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kMeasures = false;  // times and memory would be those of the sanitizer
#else
inline constexpr bool kMeasures = true;
#endif

inline std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

inline std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

inline std::chrono::microseconds cpu_time() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// Waits for it; the server closes on threads of its own.
inline void expect_descriptors(std::size_t wanted) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (open_descriptors() > wanted && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_LE(open_descriptors(), wanted);
}

// 1000 is what the rows ask for.
inline int load_clients() {
  const char* const wanted = std::getenv("PCE_LOAD_CLIENTS");
  return wanted == nullptr ? 200 : std::atoi(wanted);
}

// Answers each request with the same body, as a scrape does: /big is 8 MB, anything else 200 kB.
class LoadRow : public testing::Test {
 protected:
  // `header_lines`: of the healthy scraper's requests.
  void start(const HttpServerLimits& limits, HttpServerFront front = {},
             std::string header_lines = {}) {
    header_lines_ = std::move(header_lines);
    server_ = served(
        [this](const WebRequest& request) {
          return WebResponse{.content_type = "text/plain",
                             .long_body = request.path == "/big" ? big_ : small_};
        },
        limits, {}, std::move(front));
    unloaded_ = healthy();
  }
  std::uint16_t port() const { return server_->bound_addresses().front().port; }

  HealthyScrapes healthy() const {
    return scrape_one_by_one(port(), "/metrics", 200, header_lines_);
  }

  // The best of three: what else runs on this machine is not the server's fault, and it is the
  // slowest of a hundred that counts.
  void expect_healthy() const {
    HealthyScrapes seen = healthy();
    const auto limit =
        std::max<std::chrono::microseconds>(2 * unloaded_.p99, std::chrono::milliseconds(10));
    EXPECT_EQ(seen.failed, 0) << seen.failure;
    for (int more = 0; kMeasures && more < 2 && seen.p99 > limit; ++more) seen = healthy();
    if (kMeasures) {
      EXPECT_LE(seen.p99.count(), limit.count())
          << "microseconds; unloaded " << unloaded_.p99.count();
    }
  }

 private:
  const Body small_ = body_of(std::string(200'000, 'x'));
  const Body big_ = body_of(std::string(8'000'000, 'x'));
  std::unique_ptr<HttpServer> server_;
  std::string header_lines_;
  HealthyScrapes unloaded_;
};

}  // namespace pce
