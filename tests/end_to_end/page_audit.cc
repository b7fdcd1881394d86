#include "tests/end_to_end/page_audit.h"

namespace pce {
namespace {

constexpr std::size_t kStopsMax = 500;
constexpr const char* kTab = "\uE004";

std::vector<std::string> findings(Chromium& browser, const std::string& script) {
  const nlohmann::json found = browser.run(script);
  if (!found.is_array()) return {"the script of the audit failed: " + found.dump()};
  return found.get<std::vector<std::string>>();
}

// Common to the scripts below.
const std::string kTools = R"js(
const seen = (e) => { const b = e.getBoundingClientRect(), s = getComputedStyle(e);
  return b.width > 1 && b.height > 1 && s.visibility !== "hidden" && s.display !== "none"; };
const named = (e) => e.tagName.toLowerCase() + " " + (e.getAttribute("href") || e.id || e.textContent.trim().slice(0, 40));
const usable = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(seen);
const numbers = (color) => { const n = color.match(/[\d.]+/g).map(Number); return n.length === 3 ? [...n, 1] : n; };
const ground = (e) => { for (; e; e = e.parentElement) {
  const c = numbers(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
const light = (c) => { const l = c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
)js";

}  // namespace

std::vector<std::string> poor_contrasts(Chromium& browser) {
  return findings(browser, kTools + R"js(
const poor = [];
const judge = (what, front, back, least) => { const r = ratio(front, back);
  if (r < least) poor.push(`${what}: rgb(${front.slice(0, 3)}) on rgb(${back.slice(0, 3)}) is ${r.toFixed(2)}, wanted ${least}`); };
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let looked = 0;
for (let text = texts.nextNode(); text; text = texts.nextNode()) {
  const e = text.parentElement;
  if (!text.data.trim() || !seen(e) || e.closest("script, style, svg")) continue;
  ++looked;
  judge(named(e), numbers(getComputedStyle(e).color), ground(e), 4.5);
}
for (const e of document.querySelectorAll("svg path")) {
  const s = getComputedStyle(e), drawn = s.fill !== "none" ? s.fill : s.stroke;
  if (!e.classList.contains("base")) judge("picture " + e.getAttribute("class"), numbers(drawn), ground(e), 3);
}
for (const e of document.querySelectorAll("input, select, button")) {
  judge("edge of " + named(e), numbers(getComputedStyle(e).borderTopColor), ground(e.parentElement), 3);
  const hint = getComputedStyle(e, "::placeholder").color;
  if (e.placeholder) judge("placeholder", numbers(hint), ground(e), 4.5);
}
if (looked < 20) poor.push("only " + looked + " texts were found");
return poor;)js");
}

std::vector<std::string> structural_faults(Chromium& browser) {
  return findings(browser, kTools + R"js(
const faults = [];
const wrong = (what) => faults.push(what);
if (!document.documentElement.lang) wrong("no language");
if (!document.title) wrong("no title");
for (const [landmark, count] of [["header", 1], ["main", 1], ["nav[aria-label]", 1], ["h1", 1], ["[role=search]", 1]])
  if (document.querySelectorAll(landmark).length !== count) wrong("not " + count + " of " + landmark);
let level = 0;
for (const h of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
  const next = Number(h.tagName[1]);
  if (next > level + 1) wrong("heading skips a level: " + h.textContent);
  level = next;
}
const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
for (const id of ids) if (ids.filter(other => other === id).length > 1) wrong("id twice: " + id);
for (const e of document.querySelectorAll("[aria-labelledby]"))
  if (!document.getElementById(e.getAttribute("aria-labelledby"))) wrong("no such label: " + e.outerHTML.slice(0, 80));
for (const e of document.querySelectorAll("section")) if (!e.hasAttribute("aria-labelledby")) wrong("a section without a name");
for (const e of document.querySelectorAll("input, select")) if (e.labels.length === 0) wrong("no label: " + named(e));
for (const e of document.querySelectorAll("table")) {
  for (const h of e.querySelectorAll("th")) if (!["col", "row"].includes(h.scope)) wrong("header without scope: " + h.textContent);
  for (const row of e.querySelectorAll("tbody tr")) if (row.children.length !== e.querySelectorAll("thead th").length) wrong("a row of another length: " + row.textContent);
}
for (const e of document.querySelectorAll("svg"))
  if (e.getAttribute("aria-hidden") !== "true" && !(e.getAttribute("role") === "img" && e.querySelector("title"))) wrong("a picture without words");
for (const e of usable) if (!(e.textContent.trim() || (e.labels || []).length)) wrong("without a name: " + e.outerHTML.slice(0, 80));
if (document.querySelector("[tabindex]:not([tabindex='-1']):not([tabindex='0'])")) wrong("an order of its own");
return faults;)js");
}

std::vector<std::string> layout_faults(Chromium& browser) {
  return findings(browser, kTools + R"js(
const faults = [];
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) faults.push("wider than the window: " + document.documentElement.scrollWidth + " of " + width);
for (const e of document.body.querySelectorAll("*")) {
  const b = e.getBoundingClientRect();
  if (seen(e) && b.right > width + 1 && !e.closest("thead")) faults.push("sticks out by " + Math.round(b.right - width) + ": " + named(e));
}
// Links within a sentence need no size of their own.
for (const e of usable) { const b = e.getBoundingClientRect();
  if (!e.closest("p, .skip") && e.className !== "skip" && b.height < 24) faults.push("too low for a finger, " + b.height + ": " + named(e)); }
return faults;)js");
}

std::vector<Stop> walk(Chromium& browser) {
  browser.run("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0);");
  std::vector<Stop> stops;
  while (stops.size() < kStopsMax) {
    browser.press(kTab);
    const nlohmann::json at = browser.run(kTools + R"js(
const e = document.activeElement;
if (e === document.body || e === document.documentElement) return null;
const b = e.getBoundingClientRect(), s = getComputedStyle(e);
const x = Math.max(0, b.left) + Math.min(b.width, innerWidth) / 2, y = b.top + b.height / 2;
const top = document.elementFromPoint(x, y);
return {what: named(e), visible: b.top >= -1 && b.bottom <= innerHeight + 1 && b.width > 0 && (e === top || e.contains(top)),
  outlined: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 && ratio(numbers(s.outlineColor), ground(e.parentElement)) >= 3};)js");
    if (!at.is_object()) break;
    stops.push_back({.what = at.at("what").get<std::string>(),
                     .is_visible = at.at("visible").get<bool>(),
                     .is_outlined = at.at("outlined").get<bool>()});
  }
  return stops;
}

std::vector<std::string> reachable(Chromium& browser) {
  return findings(browser, kTools + "return usable.map(named);");
}

}  // namespace pce
