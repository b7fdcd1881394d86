#include "exporter/web/page_times.h"

#include "exporter/base/utc_text.h"
#include "exporter/polling/wording.h"

namespace pce {
namespace {

void write(HtmlWriter& out, Markup begin, WallTime when, const std::string& words) {
  out.markup(begin).text(utc_text(when)).markup("\" title=\"").text(readable(when));
  out.markup("\">").text(words).markup("</time>");
}

}  // namespace

std::string readable(WallTime when) {
  const std::string text = utc_text(when);
  return text.substr(0, 10) + " " + text.substr(11, 8) + " UTC";
}

void write_ago(HtmlWriter& out, WallTime when, WallTime now) {
  write(
      out, "<time data-from=\"ago\" datetime=\"", when,
      when > now ? "in " + duration_in_words(when - now) : duration_in_words(now - when) + " ago");
}

void write_due(HtmlWriter& out, WallTime when, WallTime now) {
  write(out, "<time data-from=\"due\" datetime=\"", when,
        when > now ? "in " + duration_in_words(when - now) : "now");
}

}  // namespace pce
