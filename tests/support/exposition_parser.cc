#include "tests/support/exposition_parser.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace pce {
namespace {

bool name_char(char c, bool first) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return letter || (!first && c >= '0' && c <= '9');
}

std::size_t name_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && name_char(text[end], end == at)) ++end;
  return end;
}

std::optional<double> number(std::string_view text) {
  if (text == "NaN") return std::nan("");
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Where the label list that starts at `at` ends (behind its brace); npos with a complaint when it
// is not one.
std::size_t labels_end(std::string_view line, std::size_t at, std::string& complaint) {
  std::string former;
  ++at;
  while (at < line.size() && line[at] != '}') {
    const std::size_t end = name_end(line, at);
    const std::string name(line.substr(at, end - at));
    if (name.empty() || line.substr(end, 2) != "=\"") {
      complaint = "no label where one should be";
      return std::string_view::npos;
    }
    if (name != "le" && name <= former) complaint = "labels out of order or twice";
    former = name;
    at = end + 2;
    while (at < line.size() && line[at] != '"') {
      if (line[at] == '\\') {
        ++at;
        if (at >= line.size() || (line[at] != '\\' && line[at] != '"' && line[at] != 'n'))
          complaint = "unknown escape";
      } else if (static_cast<unsigned char>(line[at]) < 0x20) {
        complaint = "control character in a label value";
      }
      ++at;
    }
    ++at;
    if (at < line.size() && line[at] == ',') ++at;
  }
  if (at >= line.size()) {
    complaint = "label list does not end";
    return std::string_view::npos;
  }
  return at + 1;
}

std::string family_of(const std::string& name, const std::map<std::string, std::string>& types) {
  for (const char* suffix : {"_bucket", "_sum", "_count"}) {
    if (!name.ends_with(suffix)) continue;
    const std::string family = name.substr(0, name.size() - std::string_view(suffix).size());
    const auto type = types.find(family);
    if (type != types.end() && type->second == "histogram") return family;
  }
  return name;
}

class Reader {
 public:
  Exposition read(std::string_view text) {
    if (!text.empty() && text.back() != '\n') complain("the last line does not end");
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      line_ = ++number;
      read_line(text.substr(at, end - at));
      at = end + 1;
    }
    return std::move(exposition_);
  }

 private:
  void complain(const std::string& what) {
    if (exposition_.complaints.size() < 20) {
      exposition_.complaints.push_back("line " + std::to_string(line_) + ": " + what);
    }
  }

  void read_line(std::string_view line) {
    if (line.starts_with("# HELP ")) {
      help_ = std::string(line.substr(7, line.find(' ', 7) - 7));
      if (!helped_.insert(help_).second) complain("HELP twice: " + help_);
    } else if (line.starts_with("# TYPE ")) {
      const auto space = line.find(' ', 7);
      const std::string name(line.substr(7, space - 7));
      if (name != help_) complain("TYPE without its HELP: " + name);
      if (name <= family_) complain("families out of order: " + name + " after " + family_);
      if (!exposition_.types.emplace(name, std::string(line.substr(space + 1))).second)
        complain("TYPE twice: " + name);
      family_ = name;
    } else {
      read_sample(line);
    }
  }

  void read_sample(std::string_view line) {
    const std::size_t end = name_end(line, 0);
    const std::string name(line.substr(0, end));
    if (name.empty())
      return complain("neither comment nor sample: " + std::string(line.substr(0, 60)));
    if (family_of(name, exposition_.types) != family_)
      complain("sample outside its family: " + name);
    std::size_t series_end = end;
    if (end < line.size() && line[end] == '{') {
      std::string complaint;
      series_end = labels_end(line, end, complaint);
      if (!complaint.empty()) complain(complaint + ": " + std::string(line.substr(0, 120)));
      if (series_end == std::string_view::npos) return;
    }
    if (series_end >= line.size() || line[series_end] != ' ') return complain("no value: " + name);
    const auto value = number(line.substr(series_end + 1));
    if (!value)
      return complain("not a number (or a timestamp behind it): " +
                      std::string(line.substr(series_end + 1)));
    if (!exposition_.samples.emplace(std::string(line.substr(0, series_end)), *value).second) {
      complain("series twice: " + std::string(line.substr(0, series_end)));
    }
  }

  Exposition exposition_;
  std::set<std::string> helped_;
  std::string help_;
  std::string family_;
  std::size_t line_ = 0;
};

}  // namespace

std::map<std::string, double> Exposition::find(std::string_view name,
                                               const std::vector<std::string>& labels) const {
  std::map<std::string, double> found;
  for (const auto& [series, value] : samples) {
    if (series != name && !series.starts_with(std::string(name) + "{")) continue;
    bool all = true;
    for (const auto& label : labels) all = all && series.find(label) != std::string::npos;
    if (all) found.emplace(series, value);
  }
  return found;
}

double Exposition::value(std::string_view name, const std::vector<std::string>& labels) const {
  const auto found = find(name, labels);
  return found.size() == 1 ? found.begin()->second : std::nan("");
}

Exposition parse_exposition(std::string_view text) { return Reader().read(text); }

}  // namespace pce
