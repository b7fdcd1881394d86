#include "exporter/commands/doctor_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "exporter/json/json_writer.h"

namespace pce {
namespace {

constexpr std::size_t kVerdictWidth = 9;
constexpr std::size_t kTitleWidth = 18;

const char* word_of(StepVerdict verdict) {
  switch (verdict) {
    case StepVerdict::kOk:
      return "ok";
    case StepVerdict::kWarning:
      return "warning";
    case StepVerdict::kFailed:
      return "failed";
    case StepVerdict::kSkipped:
      return "skipped";
  }
  return "failed";
}

// "customer list" → "customer_list"
std::string word_of(std::string step) {
  std::ranges::replace(step, ' ', '_');
  return step;
}

Colour colour_of(StepVerdict verdict) {
  switch (verdict) {
    case StepVerdict::kOk:
      return Colour::kGreen;
    case StepVerdict::kWarning:
      return Colour::kYellow;
    case StepVerdict::kFailed:
      return Colour::kRed;
    case StepVerdict::kSkipped:
      return Colour::kDim;
  }
  return Colour::kPlain;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%7.3f s", seconds);
  return text;
}

}  // namespace

bool all_is_well(const AccountReport& account) {
  return std::ranges::none_of(account.steps, [](const StepReport& step) {
    return step.finding.verdict == StepVerdict::kFailed;
  });
}

std::string step_text(const StepReport& step, const Terminal& terminal) {
  const Finding& finding = step.finding;
  const std::string margin(2 + kVerdictWidth + kTitleWidth, ' ');
  const std::string word = word_of(finding.verdict);
  std::string text = "  " + terminal.coloured(colour_of(finding.verdict), word) +
                     std::string(kVerdictWidth - word.size(), ' ');
  if (finding.verdict == StepVerdict::kSkipped) {
    text += finding.detail.empty() ? step.step
                                   : padded(step.step, kTitleWidth + 9) + "  " + finding.detail;
  } else {
    text += padded(step.step, kTitleWidth) + seconds_text(step.seconds) + "  " + finding.detail;
  }
  text += "\n";
  if (!finding.fix.empty())
    text += margin + terminal.coloured(Colour::kBold, "to do: " + finding.fix) + "\n";
  for (const std::string& line : finding.lines) text += "      " + line + "\n";
  return text;
}

std::string verdict_text(const AccountReport& account, const Terminal& terminal) {
  const auto with = [&](StepVerdict verdict) {
    return std::ranges::find(account.steps, verdict,
                             [](const StepReport& step) { return step.finding.verdict; });
  };
  if (const auto failed = with(StepVerdict::kFailed); failed != account.steps.end()) {
    return account.name + ": " + terminal.coloured(Colour::kRed, "failed at " + failed->step) +
           "\n";
  }
  if (with(StepVerdict::kWarning) != account.steps.end())
    return account.name + ": " + terminal.coloured(Colour::kYellow, "fine, with warnings") + "\n";
  return account.name + ": " + terminal.coloured(Colour::kGreen, "fine") + "\n";
}

std::string doctor_json(const std::vector<AccountReport>& accounts) {
  JsonWriter json(JsonWriter::Style::kLines);
  json.begin_object().key("accounts").begin_array();
  for (const AccountReport& account : accounts) {
    json.begin_object().member("name", account.name).key("steps").begin_array();
    for (const auto& [step, finding, seconds] : account.steps) {
      json.begin_object().member("step", word_of(step)).member("verdict", word_of(finding.verdict));
      json.key("seconds").real(std::round(seconds * 1e6) / 1e6).member("detail", finding.detail);
      json.member("fix", finding.fix);
      if (!finding.lines.empty()) {
        json.key("lines").begin_array();
        for (const std::string& line : finding.lines) json.text(line);
        json.end_array();
      }
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("ok").boolean(std::ranges::all_of(accounts, all_is_well)).end_object();
  return json.take();
}

}  // namespace pce
