#include "exporter/web/round_picture.h"

#include <algorithm>
#include <cmath>

#include "exporter/polling/wording.h"

namespace pce {
namespace {

// In units of the picture.
constexpr int kStep = 6;
constexpr int kBarWidth = 4;
constexpr int kWidth = kStep * static_cast<int>(StatusBoard::kRoundsMax);
constexpr int kHeight = 44;
constexpr int kRowsHeight = 14;                   // of the line
constexpr int kGood = 6, kDoubt = 14, kBad = 24;  // heights of bars

int height_of(const RoundSeen& round) {
  if (round.failures > 0) return kBad;
  return round.in_doubt > 0 ? kDoubt : kGood;
}

int left_of(std::size_t round, std::size_t rounds) {
  return kWidth - static_cast<int>(rounds - round) * kStep;
}

void draw_bars(HtmlWriter& out, Markup begin, int height, std::span<const RoundSeen> rounds) {
  bool any = false;
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    if (height_of(rounds[i]) != height) continue;
    if (!any) out.markup(begin);
    any = true;
    out.markup("M").digits(left_of(i, rounds.size())).markup(" ").digits(kHeight);
    out.markup("v-").digits(height).markup("h").digits(kBarWidth);
    out.markup("v").digits(height).markup("z");
  }
  if (any) out.markup("\"/>");
}

void draw_rows(HtmlWriter& out, std::span<const RoundSeen> rounds) {
  const std::size_t most = std::ranges::max(rounds, {}, &RoundSeen::rows).rows;
  if (most == 0 || rounds.size() < 2) return;
  out.markup("<path class=\"rows\" d=\"");
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    const double part = static_cast<double>(rounds[i].rows) / static_cast<double>(most);
    out.markup(i == 0 ? Markup("M") : Markup("L"))
        .digits(left_of(i, rounds.size()) + kBarWidth / 2);
    out.markup(" ").digits(1 + std::lround((1 - part) * kRowsHeight));
  }
  out.markup("\"/>");
}

void describe(HtmlWriter& out, std::span<const RoundSeen> rounds, WallTime now) {
  const auto with = [&](int height) {
    return static_cast<std::size_t>(
        std::ranges::count_if(rounds, [&](const RoundSeen& r) { return height_of(r) == height; }));
  };
  out.text(count_of(rounds.size(), "round") + " since " +
           duration_in_words(now - rounds.front().begin) + " ago: ");
  out.text(std::to_string(with(kGood)) + " well, " + std::to_string(with(kDoubt)) +
           " with answers in doubt, " + std::to_string(with(kBad)) + " with failures");
}

}  // namespace

void draw_rounds(HtmlWriter& out, std::span<const RoundSeen> rounds, WallTime now) {
  if (rounds.empty()) {
    out.markup("<span class=\"quiet\">none yet</span>");
    return;
  }
  out.markup("<svg class=\"bars\" role=\"img\" width=\"").digits(kWidth).markup("\" height=\"");
  out.digits(kHeight).markup("\" viewBox=\"0 0 ").digits(kWidth).markup(" ").digits(kHeight);
  out.markup("\"><title>");
  describe(out, rounds, now);
  out.markup("</title>");
  draw_rows(out, rounds);
  draw_bars(out, "<path class=\"good\" d=\"", kGood, rounds);
  draw_bars(out, "<path class=\"doubt\" d=\"", kDoubt, rounds);
  draw_bars(out, "<path class=\"bad\" d=\"", kBad, rounds);
  out.markup("<path class=\"base\" d=\"M0 ").digits(kHeight).markup("h").digits(kWidth);
  out.markup("\"/></svg>");
}

}  // namespace pce
