"""Draws sections of a dashboard from real answers to its own queries.

usage: page.py DASHBOARD.json PROMETHEUS CUSTOMER SPAN STEP SECTIONS > page.html

PROMETHEUS as HOST:PORT; CUSTOMER an id; curves reach SPAN seconds back, a value each STEP seconds. SECTIONS are numbers,
0,1,3: what stands before the first heading is 0. The last line is a comment with the height of the page.
"""
import sys
import time
from html import escape

from board import Board
from draw import panel_html

WIDTH, CELL, GAP = 1600, 36, 8
STYLE = """
* { box-sizing: border-box } body { margin: 0; background: #111217; color: #ccccdc; width: %dpx;
font: 12.5px Inter, Roboto, 'DejaVu Sans', sans-serif }
.top { padding: 14px 16px 4px; font-size: 19px } .top small { float: right; font-size: 12px; color: #8e8e9a; padding-top: 5px }
.choices { padding: 4px 16px 8px; color: #8e8e9a } .choices span { border: 1px solid #34363e; border-radius: 3px; padding: 3px 8px; margin-right: 10px }
.choices b { color: #ccccdc; font-weight: normal; margin-left: 6px }
.board { position: relative } .panel, .row { position: absolute } .row { font-size: 15px; padding: 9px 10px }
.panel { background: #181b1f; border: 1px solid #25272d; border-radius: 3px; overflow: hidden }
.panel h3 { margin: 0; padding: 8px 10px 5px; font: 600 13px Inter, Roboto, 'DejaVu Sans', sans-serif; white-space: nowrap }
.stat { position: absolute; inset: 28px 10px 6px; display: flex; flex-direction: column; justify-content: center; text-align: center; gap: 5px }
.pair { display: flex; justify-content: space-between; align-items: baseline; gap: 8px } .pair span { white-space: nowrap; color: #a8a8b4 } .pair b { font-weight: 500 }
.nothing { position: absolute; inset: 30px 10px 10px; display: flex; align-items: center; justify-content: center; color: #8e8e9a; text-align: center }
.note { padding: 8px 12px; color: #a8a8b4 } svg { display: block; margin: 0 4px } svg text { fill: #ccccdc } .tick { font-size: 11px; fill: #8e8e9a !important } .label { font-size: 11.5px }
table { border-collapse: collapse; width: 100%% } th { text-align: left; color: #8ab8ff; font-weight: 500; padding: 3px 10px; white-space: nowrap }
td { padding: 3.5px 10px; border-top: 1px solid #24262c; white-space: nowrap; height: 25px; max-width: 330px; overflow: hidden; text-overflow: ellipsis } .number { text-align: right }
.link { color: #6e9fff } .cell { display: flex; gap: 8px; align-items: center } .cell i { background: #22252b; width: 90px; height: 13px } .cell u { display: block; height: 13px; opacity: .85 }
.foot { padding: 8px 16px; color: #8e8e9a }
""" % WIDTH


def main():
    path, prometheus, customer, span, step, sections = sys.argv[1:]
    everything = {"job": ".+", "instance": ".+", "partner": ".+", "channel": ".+", "product": ".+", "prefix": "",
                  "customer": customer, "__rate_interval": "%ds" % max(8, 4 * int(step))}
    board = Board(path, prometheus, everything, int(span), int(step), time.time())
    drawn, shift, section, below = [], 0, 0, 0
    wanted = [int(number) for number in sections.split(",")]
    top = {}  # where each section begins in the dashboard
    for panel in board.json["panels"]:
        place = panel["gridPos"]
        section += panel["type"] == "row"
        if section not in top:
            top[section] = place["y"]
            shift = below - place["y"]
        if section not in wanted:
            continue
        below = max(below, place["y"] + shift + place["h"])
        x, y = GAP + place["x"] * (WIDTH - GAP) / 24, (place["y"] + shift) * CELL
        width, height = place["w"] * (WIDTH - GAP) / 24 - GAP, place["h"] * CELL - GAP
        where = "left:%.1fpx;top:%.1fpx;width:%.1fpx;height:%.1fpx" % (x, y, width, height)
        if panel["type"] == "row":
            drawn.append("<div class=row style='%s'>%s</div>" % (where, escape(panel["title"])))
            continue
        answers = board.answers(panel) if panel["type"] != "text" else []
        drawn.append("<div class=panel style='%s'><h3>%s</h3>%s</div>" % (
            where, escape(panel["title"]), panel_html(panel, answers, width - 10, height)))
    choices = "".join("<span>%s<b>%s</b></span>" % (escape(v["label"]), escape(board.choice(v))) for v in board.variables())
    print("<!doctype html><meta charset=utf-8><style>%s</style><div class=top>%s<small>%s</small></div><div class=choices>%s</div>"
          "<div class=board style='height:%dpx'>%s</div><div class=foot>Drawn by dashboards/pictures.sh from the dashboard's own "
          "layout and queries, answered by Prometheus; not by Grafana, which looks a little different.</div>" % (
              STYLE, escape(board.json["title"]), "last 30 days" if int(span) > 86400 else "last %d minutes" % (int(span) // 60),
              choices, below * CELL, "".join(drawn)))
    print("<!-- %d -->" % (below * CELL + 112))


main()
