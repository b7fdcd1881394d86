"""A dashboard as Grafana would ask for it: its panels, and the answers of Prometheus to their queries."""
import json
import re
import urllib.parse
import urllib.request


class Board:
    def __init__(self, path, prometheus, choices, span, step, end):
        with open(path, encoding="utf-8") as file:
            self.json = json.load(file)
        self.prometheus, self.choices, self.span, self.step = prometheus, choices, span, step
        self.end = end

    def variables(self):
        return [v for v in self.json["templating"]["list"] if v.get("hide") != 2]

    def interpolated(self, text):
        return re.sub(r"\$\{(\w+)\}|\$(\w+)", lambda m: self.choices[m[1] or m[2]], text)

    def ask(self, path, **question):
        data = urllib.parse.urlencode(question).encode()
        with urllib.request.urlopen("http://%s/api/v1/%s" % (self.prometheus, path), data, timeout=60) as answer:
            return json.load(answer)["data"]["result"]

    def choice(self, variable):
        """What Grafana's drop-down shows."""
        if variable["type"] == "datasource":
            return "Prometheus"
        if variable["name"] != "customer":
            return "All"
        named = self.ask("query", query='partner_center_customer_info{customer_id="%s"}' % self.choices["customer"])
        return named[0]["metric"]["customer"] if named else ""

    def answers(self, panel):
        """[(target, [(labels, value or [(time, value)…])…])…] in the order of the panel's targets."""
        all_of_them = []
        for target in panel["targets"]:
            expr = self.interpolated(target["expr"])
            if target["instant"]:
                rows = [(r["metric"], float(r["value"][1])) for r in self.ask("query", query=expr)]
            else:
                rows = [(r["metric"], [(float(t), float(v)) for t, v in r["values"]])
                        for r in self.ask("query_range", query=expr, start=self.end - self.span, end=self.end, step=self.step)]
            all_of_them.append((target, rows))
        return all_of_them


def legend(target, labels):
    form = target.get("legendFormat", "__auto")
    if form == "__auto":
        return ", ".join(labels.values())
    return re.sub(r"\{\{(\w+)\}\}", lambda m: labels.get(m[1], ""), form)


def table_of(panel, answers):
    """(columns, rows) after the panel's transformations merge and organize and its sorting."""
    rows, columns = {}, []
    single = len(answers) == 1
    for target, answer in answers:
        value_column = "Value" if single else "Value #" + target["refId"]
        for labels, value in answer:
            key = tuple(sorted((k, v) for k, v in labels.items() if k != "source"))
            row = rows.setdefault(key, {})
            row.update(labels)
            row[value_column] = value
            columns += [c for c in row if c not in columns]
    options = next(t["options"] for t in panel["transformations"] if t["id"] == "organize")
    columns = [c for c in columns if not options["excludeByName"].get(c)]
    columns.sort(key=lambda c: options["indexByName"].get(c, 99))
    names = [options["renameByName"].get(c, c) for c in columns]
    body = [[row.get(c) for c in columns] for row in rows.values()]
    for sort in panel["options"].get("sortBy", []):
        at = names.index(sort["displayName"])
        body.sort(key=lambda row: (row[at] is not None, row[at]), reverse=sort["desc"])
    return names, body
