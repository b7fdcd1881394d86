"""What the figures have to show: ratios of one run, each with its verdict."""

PEERS = ("exposer", "client_go", "client_python")


def goal(what, measured, wanted, met, detail=""):
    return {"goal": what, "measured": measured, "wanted": wanted, "met": met, "detail": detail}


def at_least(what, ratio, wanted, detail):
    return goal(what, f"{ratio:,.0f} times", f"at least {wanted:,} times", ratio >= wanted, detail)


def at_most(what, value, wanted, unit, detail, digits=2):
    return goal(what, f"{value:,.{digits}f}{unit}", f"at most {wanted:g}{unit}", value <= wanted, detail)


def against_peers(size):
    ours, servers = size["servers"].get("exporter"), size["servers"]
    peers = [name for name in PEERS if name in servers]
    if not ours or not peers:
        return
    for form, field, title, wanted in (("gzip", "seconds", "gzip scrape: time", 200),
                                       ("plain", "seconds", "plain scrape: time", 20),
                                       ("gzip", "cpu_seconds", "gzip scrape: CPU", 500)):
        measured = {name: servers[name][form][field] for name in peers if form in servers[name]}
        if measured:
            best = min(measured, key=measured.get)
            yield at_least(f"{title} against the fastest peer", measured[best] / ours[form][field], wanted,
                           f"{best} {measured[best]:.3g} s, ours {ours[form][field]:.3g} s")
    leanest = min(peers, key=lambda name: servers[name]["resident_bytes"])
    yield at_least("memory against the leanest peer", servers[leanest]["resident_bytes"] / ours["resident_bytes"], 10,
                   f"{leanest} {servers[leanest]['resident_bytes'] / 1e6:,.0f} MB, ours {ours['resident_bytes'] / 1e6:,.0f} MB")


def of_our_own(size, base):
    ours, floor = size["servers"].get("exporter"), size["servers"].get("floor")
    if not ours:
        return
    if floor:
        yield at_most("plain scrape against a static buffer", ours["plain"]["seconds"] / floor["plain"]["seconds"], 3,
                      " times", f"floor {floor['plain']['seconds']:.3g} s")
    each = ours["resident_bytes"] / size["series"]
    detail = "all of the process"
    if base is not None:
        detail += f"; {base / 1e6:.1f} MB of it are there with no customers, without them it is {(ours['resident_bytes'] - base) / size['series']:.0f} B"
    yield at_most("memory of each series", each, 250, " B", detail, 0)


def of_a_refresh(refresh):
    yield at_most("from the last page to the new body", refresh["served_after_seconds"], 0.5, " s",
                  f"after {refresh['pages']} pages in {refresh['reading_seconds']:.1f} s")
    yield at_most("scrape meanwhile against one before",
                  refresh["scrape_seconds_publishing"] / refresh["scrape_seconds_before"], 1.5, " times",
                  f"median {refresh['scrape_seconds_publishing'] * 1e3:.2f} ms of {refresh['scrapes_publishing']}, "
                  f"longest {refresh['scrape_seconds_publishing_max'] * 1e3:.1f} ms")
    yield at_most("peak memory while everything is replaced", refresh["peak_bytes"] / refresh["resident_bytes_before"],
                  1.3, " times the resting one",
                  f"{refresh['resident_bytes_before'] / 1e6:.0f} MB, then {refresh['peak_bytes'] / 1e6:.0f} MB, "
                  f"and {refresh['resident_bytes_after'] / 1e6:.0f} MB at rest again")


def of_sizes(sizes):
    """Fixed costs make small estates dearer by the series, so what is judged is growth."""
    with_ours = [size for size in sizes if "exporter" in size["servers"]]
    if len(with_ours) < 2:
        return
    small, large = with_ours[0], with_ours[-1]
    for form in ("plain", "gzip"):
        each = [size["servers"]["exporter"][form]["seconds"] / size["series"] for size in (small, large)]
        yield at_most(f"{form} scrape: time of a series, {small['asked']:,} to {large['asked']:,}", each[1] / each[0], 1.5,
                      " times", f"{each[0] * 1e9:.1f} ns, then {each[1] * 1e9:.1f} ns")


def of_parts(parts):
    largest = parts[-1]["nanoseconds"]
    if "publish_all" in largest and "publish_one" in largest:
        yield at_least("one customer refreshed against all", largest["publish_all"] / largest["publish_one"], 50,
                       f"of {parts[-1]['customers']:,} customers; {largest['publish_one'] / 1e6:.2f} ms, all {largest['publish_all'] / 1e6:.0f} ms")
    if len(parts) < 2:
        return
    for name in ("encode", "prepare/packed", "publish_all"):
        each = [part["nanoseconds"][name] / part["series"] for part in (parts[0], parts[-1])]
        yield at_most(f"{name}: time of a series, {parts[0]['asked']:,} to {parts[-1]['asked']:,}", each[1] / each[0], 1.5,
                      " times", f"{each[0]:.0f} ns, then {each[1]:.0f} ns")


def judged(results):
    goals = []
    if results["sizes"]:
        goals += against_peers(results["sizes"][-1])
        goals += of_our_own(results["sizes"][-1], results.get("base_bytes"))
    if results.get("refresh"):
        goals += of_a_refresh(results["refresh"])
    if results.get("parts"):
        goals += of_parts(results["parts"])
    goals += of_sizes(results["sizes"])
    return goals
