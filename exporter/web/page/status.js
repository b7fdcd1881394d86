"use strict";
// The page is whole without this. It keeps ages running, and puts what the exporter says now in the place of what it said
// before: the server's own markup, so that there is one renderer.
(() => {
  const everySeconds = 15;
  let ahead = 0;  // of our clock before the exporter's, in milliseconds

  const words = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    if (s >= 172800) return Math.floor(s / 86400) + " days";
    if (s >= 7200) return Math.floor(s / 3600) + " hours";
    if (s >= 120) return Math.floor(s / 60) + " minutes";
    return s + (s === 1 ? " second" : " seconds");
  };
  const readClock = (root) => { ahead = Date.now() - Date.parse(root.querySelector("#now").dateTime); };
  const tick = () => {
    const now = Date.now() - ahead;
    for (const time of document.querySelectorAll("time[data-from]")) {
      const away = (Date.parse(time.dateTime) - now) / 1000;
      const text = away > 0 ? "in " + words(away) : time.dataset.from === "due" ? "now" : words(-away) + " ago";
      if (time.textContent !== text) time.textContent = text;
    }
  };
  const selects = (node) => {
    const selection = getSelection();
    return !selection.isCollapsed && selection.containsNode(node, true);
  };
  const swap = (before, after) => {
    if (selects(before)) return;
    const reachable = "a,button,input,select,summary,[tabindex]";
    const at = [...before.querySelectorAll(reachable)].indexOf(document.activeElement);
    const verdict = before.querySelector(".verdict"), next = after.querySelector(".verdict");
    if (verdict && next) {  // one element for good, so that what changes in it is read out
      verdict.className = next.className;
      if (verdict.textContent !== next.textContent) verdict.textContent = next.textContent;
      next.replaceWith(verdict);
    }
    before.replaceChildren(...after.childNodes);
    const reached = before.querySelectorAll(reachable)[at];
    if (at >= 0 && reached) reached.focus({preventScroll: true});
  };
  const refresh = async () => {
    if (document.hidden) return;
    const lost = document.getElementById("lost");
    try {
      const answer = await fetch(location.pathname, {cache: "no-store", signal: AbortSignal.timeout(10000)});
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const before of document.querySelectorAll("[data-live]")) {
        const after = page.getElementById(before.id);
        if (after) swap(before, after);
      }
      readClock(document);
      lost.hidden = true;
    } catch (error) {
      const since = document.getElementById("now").textContent;
      lost.textContent = "The exporter does not answer (" + error.message + "). What stands here is of " + since + ".";
      lost.hidden = false;
    }
    tick();
  };
  readClock(document);
  setInterval(tick, 1000);
  setInterval(refresh, everySeconds * 1000);
  document.addEventListener("visibilitychange", refresh);
})();
