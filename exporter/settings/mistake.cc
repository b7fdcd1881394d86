#include "exporter/settings/mistake.h"

#include <algorithm>
#include <cstddef>

#include "exporter/settings/spelling.h"

namespace pce {
namespace {

constexpr std::size_t kLinesMax = 20;

}  // namespace

std::string place_text(const std::string& file, TextPlace place) {
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string mistake_text(const std::string& file, const SettingMistake& mistake) {
  std::string text = mistake.place ? place_text(file, *mistake.place) + ": " : std::string();
  if (!mistake.path.empty()) text += mistake.path + ": ";
  text += mistake.message;
  if (!mistake.suggestion.empty()) text += did_you_mean(mistake.suggestion);
  return text;
}

Error settings_error(const std::string& file, const std::vector<SettingMistake>& mistakes) {
  std::string message;
  for (std::size_t i = 0; i < std::min(mistakes.size(), kLinesMax); ++i) {
    if (i > 0) message += '\n';
    message += mistake_text(file, mistakes[i]);
  }
  if (mistakes.size() > kLinesMax)
    message += "\n" + file + ": and " + std::to_string(mistakes.size() - kLinesMax) + " more";
  return Error{.kind = ErrorKind::kSettings, .message = message};
}

}  // namespace pce
