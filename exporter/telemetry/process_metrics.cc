#include "exporter/telemetry/process_metrics.h"

#include <cstdio>
#include <dirent.h>
#include <optional>
#include <string>
#include <unistd.h>

#include <sys/resource.h>

namespace pce {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily single(const char* name, const char* help, MetricType type, double value) {
  prometheus::ClientMetric metric;
  if (type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  family.metric.push_back(std::move(metric));
  return family;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

struct Pages {
  long total = 0;
  long resident = 0;
};

std::optional<Pages> memory_pages() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return std::nullopt;
  Pages pages;
  const int read = std::fscanf(file, "%ld %ld", &pages.total, &pages.resident);
  std::fclose(file);
  if (read != 2) return std::nullopt;
  return pages;
}

std::optional<int> entries_of(const char* folder) {
  DIR* dir = opendir(folder);
  if (dir == nullptr) return std::nullopt;
  int entries = 0;
  while (const dirent* entry = readdir(dir)) {
    if (entry->d_name[0] != '.') ++entries;
  }
  closedir(dir);
  return entries;
}

}  // namespace

std::vector<MetricFamily> ProcessMetrics::Collect() const {
  std::vector<MetricFamily> families;
  const auto gauge = [&](const char* name, const char* help, double value) {
    families.push_back(single(name, help, MetricType::Gauge, value));
  };
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    families.push_back(
        single("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
               MetricType::Counter, seconds(usage.ru_utime) + seconds(usage.ru_stime)));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    gauge("process_max_fds", "Maximum number of open file descriptors.",
          static_cast<double>(limit.rlim_cur));
  }
  if (const auto open = entries_of("/proc/self/fd")) {
    gauge("process_open_fds", "Number of open file descriptors.",
          *open - 1);  // one is the listing itself
  }
  if (const auto pages = memory_pages()) {
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    gauge("process_resident_memory_bytes", "Resident memory size in bytes.",
          static_cast<double>(pages->resident) * page);
    gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.",
          static_cast<double>(pages->total) * page);
  }
  if (getrlimit(RLIMIT_AS, &limit) == 0) {
    gauge("process_virtual_memory_max_bytes",
          "Maximum amount of virtual memory available in bytes, -1 for no limit.",
          limit.rlim_cur == RLIM_INFINITY ? -1.0 : static_cast<double>(limit.rlim_cur));
  }
  gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
        std::chrono::duration<double>(started_.time_since_epoch()).count());
  if (const auto threads = entries_of("/proc/self/task")) {
    gauge("process_threads", "Number of operating system threads.", *threads);
  }
  return families;
}

}  // namespace pce
