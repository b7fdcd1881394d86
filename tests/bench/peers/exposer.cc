// The series of an exposition, served by prometheus-cpp's Exposer: pce_bench_exposer PORT FILE.
// FILE has HELP, TYPE and sample lines of gauges only.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <malloc.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace {

// Takes the text up to the next quote that ends a label's value, and the quote.
std::string take_value(std::string_view& text) {
  std::string value;
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) {
      text.remove_prefix(1);
      value += text.front() == 'n' ? '\n' : text.front();
    } else {
      value += text.front();
    }
    text.remove_prefix(1);
  }
  if (text.empty()) throw std::runtime_error("a label's value has no end");
  text.remove_prefix(1);
  return value;
}

// `{a="b",c="d"}`; leaves what stands behind it.
prometheus::Labels take_labels(std::string_view& text) {
  prometheus::Labels labels;
  while (text.front() != '}') {
    text.remove_prefix(1);  // { or ,
    const auto equals = text.find("=\"");
    if (equals == text.npos) throw std::runtime_error("a label has no value");
    const std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 2);
    labels.emplace(name, take_value(text));
    if (text.empty()) throw std::runtime_error("labels have no end");
  }
  text.remove_prefix(1);
  return labels;
}

void read(const char* file, prometheus::Registry& registry) {
  std::ifstream in(file);
  std::string line, help;
  prometheus::Family<prometheus::Gauge>* family = nullptr;
  while (std::getline(in, line)) {
    std::string_view text = line;
    if (text.starts_with("# HELP ")) {
      help = text.substr(text.find(' ', 7) + 1);
    } else if (text.starts_with("# TYPE ")) {
      const std::string name(text.substr(7, text.find(' ', 7) - 7));
      family = &prometheus::BuildGauge().Name(name).Help(help).Register(registry);
    } else if (family == nullptr) {
      throw std::runtime_error("a sample stands before its TYPE");
    } else {
      text.remove_prefix(text.find_first_of("{ "));
      prometheus::Labels labels;
      if (text.front() == '{') labels = take_labels(text);
      text.remove_prefix(1);
      double value = 0;
      if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc())
        throw std::runtime_error("no number: " + line);
      family->Add(labels).Set(value);
    }
  }
  if (!in.eof()) throw std::runtime_error(std::string("cannot be read: ") + file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: pce_bench_exposer PORT FILE\n");
    return 2;
  }
  try {
    const auto registry = std::make_shared<prometheus::Registry>();
    read(argv[2], *registry);
    malloc_trim(0);  // what reading took is not the peer's
    prometheus::Exposer exposer(std::string("127.0.0.1:") + argv[1]);
    exposer.RegisterCollectable(registry);
    std::puts("Listening");
    std::fflush(stdout);
    for (;;) pause();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "pce_bench_exposer: %s\n", failure.what());
    return 1;
  }
}
