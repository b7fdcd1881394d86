"""Draws a panel and the answers to its queries as HTML and SVG, in the manner of Grafana."""
import math
import time
from html import escape

from board import legend, table_of
from units import COLORS, Field, text_of

PALETTE = ["#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#8ab8ff", "#96d98d", "#ffa6b0", "#ca95e5"]


def panel_html(panel, answers, width, height):
    if panel["type"] == "text":
        return "<div class=note>%s</div>" % escape(panel["options"]["content"]).replace("`", "")
    if not any(rows for _, rows in answers):
        return "<div class=nothing>%s</div>" % escape(panel["fieldConfig"]["defaults"]["noValue"])
    return {"stat": stat, "gauge": gauge, "bargauge": bars, "table": table, "timeseries": curves}[panel["type"]](
        panel, answers, width, height)


def values_of(panel, answers):
    """[(name, text, colour, value)] of instant queries."""
    shown = []
    for target, rows in answers:
        for labels, value in rows:
            field = Field(panel)
            text, color = field.shown(value)
            name = legend(target, labels)
            for override in panel["fieldConfig"]["overrides"]:
                if override["matcher"]["id"] == "byRegexp":
                    words = override["matcher"]["options"].strip("/").strip("$").strip("()").split("|")
                    if any(name.endswith(word) for word in words):
                        color = COLORS[override["properties"][0]["value"]["fixedColor"]]
            shown.append((name, text, color, value))
    return shown


def stat(panel, answers, width, height):
    shown = values_of(panel, answers)
    mode = panel["options"]["textMode"]
    size = min(34 if len(shown) == 1 else 21, int(width / 6), int((height - 30) / len(shown) / 1.1))
    lines = []
    for name, text, color, _ in shown:
        if mode == "name":
            lines.append("<div style='color:%s;font-size:%dpx'>%s</div>" % (color, min(size, 19), escape(name)))
        elif mode == "value_and_name":
            lines.append("<div class=pair><span>%s</span><b style='color:%s;font-size:%dpx'>%s</b></div>" % (
                escape(name), color, min(size, 19), escape(text)))
        else:
            lines.append("<div style='color:%s;font-size:%dpx'>%s</div>" % (color, size, escape(text)))
    return "<div class=stat>%s</div>" % "".join(lines)


def arc(cx, cy, radius, share, color, thick):
    """From the lower left over the top, like a speedometer."""
    begin, sweep = math.radians(210), math.radians(240) * max(0.001, min(share, 1))
    points = [(cx + radius * math.cos(begin - a), cy - radius * math.sin(begin - a)) for a in (0, sweep)]
    return "<path d='M%.1f %.1fA%g %g 0 %d 1 %.1f %.1f' fill=none stroke='%s' stroke-width=%g />" % (
        *points[0], radius, radius, sweep > math.pi, *points[1], color, thick)


def gauge(panel, answers, width, height):
    _, text, color, value = values_of(panel, answers)[0]
    low, high = (panel["fieldConfig"]["defaults"][k] for k in ("min", "max"))
    height -= 34
    cx, cy, radius = width / 2, height * 0.6, min(width / 2 - 22, height * 0.5)
    return "<svg width=%d height=%d>%s%s<text x=%g y=%g text-anchor=middle fill='%s' font-size=20>%s</text></svg>" % (
        width, height, arc(cx, cy, radius, 1, "#2a2d34", 13), arc(cx, cy, radius, (value - low) / (high - low), color, 13),
        cx, cy + 7, color, escape(text))


def bars(panel, answers, width, height):
    shown = values_of(panel, answers)
    defaults = panel["fieldConfig"]["defaults"]
    low = defaults.get("min", 0)
    high = defaults.get("max") or max(v for *_, v in shown)
    each = min(30, (height - 40) / len(shown))
    label, lines = width * 0.44, []
    room = width - label - 78
    for at, (name, text, color, value) in enumerate(shown):
        y, length = at * each, room * max(0, min((value - low) / (high - low or 1), 1))
        lines.append("<text x=%g y=%g text-anchor=end class=label>%s</text><rect x=%g y=%g width=%g height=%g fill='#22252b' />"
                     "<rect x=%g y=%g width=%g height=%g fill='%s' opacity=.85 /><text x=%g y=%g fill='%s' class=label>%s</text>" % (
                         label - 8, y + each / 2 + 4, escape(shortened(name, int(label / 7.7))), label, y + 2, room, each - 4,
                         label, y + 2, length, each - 4, color, label + room + 8, y + each / 2 + 4, color, escape(text)))
    return "<svg width=%d height=%d>%s</svg>" % (width, height - 36, "".join(lines))


def shortened(text, length):
    return text if len(text) <= length else text[:length - 1] + "…"


def table(panel, answers, width, height):
    names, rows = table_of(panel, answers)
    rows = rows[:int((height - 62) / 25)]
    head = "".join("<th%s>%s</th>" % (" class=number" if rows and is_number(c, rows) else "", escape(n)) for c, n in enumerate(names))
    lines = []
    for row in rows:
        cells = []
        for column, (name, value) in enumerate(zip(names, row)):
            field = Field(panel, name)
            text, color = field.shown(value) if value is not None else ("", "")
            kind = field.is_set.get("cellOptions", {}).get("type")
            if kind == "gauge" and value is not None:
                cells.append("<td><div class=cell><i><u style='width:%d%%;background:%s'></u></i><span style='color:%s'>%s</span></div></td>" % (
                    max(0, min(value, 100)), color, color, text))
            else:
                style = " style='color:%s'" % color if kind == "color-text" else ""
                link = " class=link" if field.is_set.get("links") else " class=number" if is_number(column, rows) else ""
                room = int(field.is_set["width"] / 8) if "width" in field.is_set else 44 if len(names) < 6 else 30
                cells.append("<td%s%s>%s</td>" % (link, style, escape(shortened(str(text), room))))
        lines.append("<tr>%s</tr>" % "".join(cells))
    return "<table><tr>%s</tr>%s</table>" % (head, "".join(lines))


def is_number(column, rows):
    return any(isinstance(row[column], float) for row in rows)


def ticks(low, high):
    span = (high - low) or 1
    step = 10 ** math.floor(math.log10(span / 4))
    step *= next(f for f in (1, 2, 2.5, 5, 10) if span / (step * f) <= 5)
    first = math.floor(low / step) * step
    return [first + n * step for n in range(int(math.ceil((high - first) / step)) + 1)]


def curves(panel, answers, width, height):
    series = []
    for target, rows in answers:
        field = Field(panel, target=target)
        for labels, points in rows:
            fixed = field.is_set.get("color", {}).get("fixedColor")
            dash = "6 5" if field.is_set.get("lineStyle", {}).get("fill") == "dash" else "none"
            series.append([legend(target, labels), points, COLORS[fixed] if fixed else PALETTE[len(series) % len(PALETTE)], dash])
    custom, unit = panel["fieldConfig"]["defaults"]["custom"], panel["fieldConfig"]["defaults"]["unit"]
    if custom["stacking"]["mode"] == "normal":
        stack(series)
    instants = [t for s in series for t, _ in s[1]]
    amounts = [v for s in series for _, v in s[1] if math.isfinite(v)]
    low = panel["fieldConfig"]["defaults"].get("min", min(amounts))
    marks = ticks(low, max(max(amounts), low + 1e-9 if max(amounts) != low else low + 1))
    low, high = marks[0], marks[-1]
    keys = legend_lines(series, width)
    plot_w, plot_h = width - 74, height - 70 - 17 * len(keys)
    left, right = min(instants), max(instants)

    def at(t, v):
        return 62 + plot_w * (t - left) / ((right - left) or 1), 6 + plot_h * (1 - (v - low) / ((high - low) or 1))

    parts = []
    for mark in marks:
        y = at(left, mark)[1]
        parts.append("<path d='M62 %.1fH%d' stroke='#2a2d34' /><text x=56 y=%.1f text-anchor=end class=tick>%s</text>" % (
            y, 62 + plot_w, y + 4, escape(text_of(mark, unit, None))))
    form = "%m/%d" if right - left > 2 * 86400 else "%H:%M:%S"
    for n in range(5):
        t = left + (right - left) * (n + 0.5) / 5
        parts.append("<text x=%.1f y=%d text-anchor=middle class=tick>%s</text>" % (
            at(t, low)[0], plot_h + 22, time.strftime(form, time.gmtime(t))))
    for name, points, color, dash, *base in reversed(series):
        parts.append(curve(points, at, color, dash, custom, base[0] if base else [(t, low) for t, _ in points], (right - left) / 50))
    for n, line in enumerate(keys):
        x = 8
        for name, color in line:
            y = plot_h + 42 + 17 * n
            parts.append("<rect x=%d y=%d width=12 height=3 fill='%s' /><text x=%d y=%d class=label>%s</text>" % (
                x, y - 5, color, x + 17, y, escape(name)))
            x += 34 + 7 * len(name)
    return "<svg width=%d height=%d>%s</svg>" % (width, height - 34, "".join(parts))


def curve(points, at, color, dash, custom, base, gap):
    steps = custom["lineInterpolation"] == "stepAfter"
    path, before = "", None
    gap = max([gap] + [1.6 * (b[0] - a[0]) for a, b in zip(points, points[1:2])])
    for t, v in points:
        if not math.isfinite(v):
            continue
        x, y = at(t, v)
        if before and t - before < max(gap, 86400 if steps else 0) * 1.01:
            path += "H%.1fV%.1f" % (x, y) if steps else "L%.1f %.1f" % (x, y)
        else:
            path += "M%.1f %.1f" % (x, y)
        before = t
    fill = ""
    if custom["fillOpacity"] and path:
        back = " ".join("L%.1f %.1f" % at(t, v) for t, v in reversed(base))
        fill = "<path d='M%s %sZ' fill='%s' opacity=%.2f />" % (path[1:].replace("M", "L"), back, color, custom["fillOpacity"] / 100)
    return fill + "<path d='%s' fill=none stroke='%s' stroke-width=2 stroke-dasharray='%s' />" % (path, color, dash)


def stack(series):
    below = {}
    for one in series:
        one.append([(t, below.get(t, 0)) for t, _ in one[1]])
        one[1] = [(t, v + below.get(t, 0)) for t, v in one[1]]
        below.update(dict(one[1]))


def legend_lines(series, width):
    lines, room = [[]], width
    for name, _, color, *_ in series:
        name = shortened(name, 46)
        need = 34 + 7 * len(name)
        if room < need and lines[-1]:
            if len(lines) == 2:
                break
            lines.append([])
            room = width
        lines[-1].append((name, color))
        room -= need
    return lines
