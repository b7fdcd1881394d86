"""What the figures have to show: ratios of one run, each with its verdict."""

PEERS = ("exposer", "client_go", "client_python")


def goal(what, measured, wanted, met, detail=""):
    return {"goal": what, "measured": measured, "wanted": wanted, "met": met, "detail": detail}


def at_least(what, ratio, wanted, detail):
    digits = 0 if ratio >= 100 else 1  # near a goal they count
    return goal(what, f"{ratio:,.{digits}f} times", f"at least {wanted:,} times", ratio >= wanted, detail)


def at_most(what, value, wanted, unit, detail, digits=2):
    return goal(what, f"{value:,.{digits}f}{unit}", f"at most {wanted:g}{unit}", value <= wanted, detail)


def against_peers(size, resident):
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
    yield at_least("memory against the leanest peer", servers[leanest]["resident_bytes"] / resident, 10,
                   f"{leanest} {servers[leanest]['resident_bytes'] / 1e6:,.0f} MB, ours {resident / 1e6:,.0f} MB, "
                   f"{ours['resident_bytes'] / 1e6:,.0f} MB before anything was replaced")


def of_our_own(size, resident, base):
    ours, floor = size["servers"].get("exporter"), size["servers"].get("floor")
    if not ours:
        return
    if floor:
        yield at_most("plain scrape against a static buffer", ours["plain"]["seconds"] / floor["plain"]["seconds"], 3,
                      " times", f"floor {floor['plain']['seconds']:.3g} s")
    detail = f"{resident / 1e6:.0f} MB"
    if base is not None:
        detail += f", {base / 1e6:.1f} MB of it with no customers; without those {(resident - base) / size['series']:.0f} B"
    yield at_most("memory of each series", resident / size["series"], 250, " B", detail, 0)


def of_refreshes(refreshes):
    """The worse one of each. Two or three plain scrapes fit into the time publishing takes, so times are of gzip ones."""
    gzip = refreshes["gzip"]
    slow = max(gzip, key=lambda refresh: refresh["served_after_seconds"])
    yield at_most("from the last page to the new body", slow["served_after_seconds"], 0.5, " s",
                  f"{slow['pages']} pages had taken {slow['reading_seconds']:.1f} s; "
                  f"{slow['cpu_seconds_until_served']:.2f} s of CPU, scrapes included")
    # Client and server fill two processors, so whatever else runs there slows a scrape.
    worst = max(gzip, key=lambda refresh: refresh["scrape_seconds_publishing"])
    yield at_most("scrape meanwhile against one beside a process that only counts",
                  worst["scrape_seconds_publishing"] / worst["scrape_seconds_beside_a_loop"], 1.1, " times",
                  f"median {worst['scrape_seconds_publishing'] * 1e3:.1f} ms of {worst['scrapes_publishing']}, "
                  f"longest {worst['scrape_seconds_publishing_max'] * 1e3:.1f} ms; beside such a process "
                  f"{worst['scrape_seconds_beside_a_loop'] * 1e3:.1f} ms, beside none "
                  f"{worst['scrape_seconds_before'] * 1e3:.1f} ms")
    for what, replaced in refreshes.items():
        yield at_most(f"peak memory while all is replaced, {what} scrapes", max(
            refresh["peak_bytes"] / refresh["resident_bytes_before"] for refresh in replaced), 1.3,
                      " times the resting one", ", ".join(
                          f"{refresh['resident_bytes_before'] / 1e6:.0f} MB at rest, up to {refresh['peak_bytes'] / 1e6:.0f} MB"
                          for refresh in replaced) + f", {replaced[-1]['resident_bytes_after'] / 1e6:.0f} MB at rest")


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
        size = results["sizes"][-1]
        # Once everything was replaced, the process keeps more than it began with.
        resident = max([size["servers"].get("exporter", {}).get("resident_bytes", 0),
                        *(refresh["resident_bytes_after"] for refresh in results.get("refreshes", {}).get("gzip", []))])
        goals += against_peers(size, resident)
        goals += of_our_own(size, resident, results.get("base_bytes"))
    if results.get("refreshes"):
        goals += of_refreshes(results["refreshes"])
    if results.get("parts"):
        goals += of_parts(results["parts"])
    goals += of_sizes(results["sizes"])
    return goals
