"""Values as Grafana writes them: units, mappings, thresholds."""
import time

COLORS = {"green": "#73bf69", "orange": "#ff9830", "red": "#f2495c", "blue": "#5794f2", "purple": "#b877d9", "text": "#ccccdc"}


def trimmed(number, decimals):
    text = "%.*f" % (2 if decimals is None else decimals, number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(number, decimals, steps):
    """With the first unit that leaves at least 1 before the point."""
    for factor, name in steps:
        if abs(number) >= factor:
            return trimmed(number / factor, None if factor == 1 else max(decimals or 0, 1)) + name
    return trimmed(number, decimals)


def text_of(value, unit, decimals=None):
    if isinstance(value, str) or value is None:
        return value or ""
    if unit in ("percent", "percentunit"):
        return trimmed(value * (100 if unit == "percentunit" else 1), decimals) + " %"
    if unit == "locale":
        return "{:,.{}f}".format(value, decimals or 0)
    if unit == "short":
        return scaled(value, decimals, [(1e6, " Mil"), (1e3, " K")])
    if unit == "bytes":
        return scaled(value, decimals, [(2 ** 30, " GiB"), (2 ** 20, " MiB"), (2 ** 10, " KiB")])
    if unit == "reqps":
        return trimmed(value, decimals) + " req/s"
    if unit == "s":
        if 0 < abs(value) < 1:
            return trimmed(value * 1000, 1) + " ms"
        return scaled(value, None, [(604800, " weeks"), (86400, " days"), (3600, " hours"), (60, " mins"), (1, " s")])
    if unit == "dateTimeFromNow":
        return text_of(time.time() - value / 1000, "s") + " ago"
    return trimmed(value, decimals)


class Field:
    """How one field of a panel is shown: the panel's defaults, and what an override says of it."""

    def __init__(self, panel, name=None, target=None):
        self.is_set = dict(panel["fieldConfig"]["defaults"])
        for override in panel["fieldConfig"]["overrides"]:
            matcher = override["matcher"]
            if (matcher["id"] == "byName" and matcher["options"] == name) or (
                    matcher["id"] == "byFrameRefID" and target and matcher["options"] == target["refId"]):
                self.is_set.update({p["id"].split(".")[-1]: p["value"] for p in override["properties"]})

    def shown(self, value):
        for mapping in self.is_set.get("mappings", []):
            found = mapping["options"].get("%g" % value) if isinstance(value, float) else None
            if found:
                return found["text"], COLORS[found["color"]]
        return text_of(value, self.is_set.get("unit", "none"), self.is_set.get("decimals")), self.color(value)

    def color(self, value):
        color = "text"
        for step in self.is_set["thresholds"]["steps"]:
            if step["value"] is None or (isinstance(value, float) and value >= step["value"]):
                color = step["color"]
        return COLORS[color]
