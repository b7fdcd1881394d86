"""The results as a table for people."""

HEAD = f"{'':<15}{'plain':>10}{'CPU':>10}{'size':>10}  {'gzip':>10}{'CPU':>10}{'size':>10}  {'memory':>9}{'peak':>9}"


def seconds(value):
    if value >= 1:
        return f"{value:.2f} s"
    if value >= 1e-3:
        return f"{value * 1e3:.1f} ms"
    return f"{value * 1e6:.0f} us"


def megabytes(value):
    return f"{value / 1e6:,.1f} MB" if value < 1e8 else f"{value / 1e6:,.0f} MB"


def scrape_columns(scrapes):
    if scrapes is None:
        return " " * 30
    return f"{seconds(scrapes['seconds']):>10}{seconds(scrapes['cpu_seconds']):>10}{megabytes(scrapes['bytes']):>10}"


def server_line(name, server):
    memory = f"{megabytes(server['resident_bytes']):>9}{megabytes(server['peak_bytes']):>9}" if server["resident_bytes"] else ""
    return f"{name:<15}{scrape_columns(server.get('plain'))}  {scrape_columns(server.get('gzip'))}  {memory}".rstrip()


def size_lines(size):
    yield ""
    yield f"{size['series']:,} series"
    yield HEAD
    for name, server in size["servers"].items():
        yield server_line(name, server)
        if server.get("difference"):
            yield f"{'':<15}NOT COMPARABLE: it {server['difference']}"
        for form in ("plain", "gzip"):
            if f"{form}_failed" in server:
                yield f"{'':<15}{form}: {server[f'{form}_failed']}"
    if "copy_seconds" in size:
        yield f"{'memcpy':<15}{seconds(size['copy_seconds']):>10}"
    for name, reason in size["left_out"].items():
        yield f"{name:<15}LEFT OUT: {reason}"


def parts_lines(parts):
    yield ""
    yield "CPU, ns a series    " + "".join(f"{part['asked']:>14,}" for part in parts)
    for name in parts[-1]["nanoseconds"]:
        if name == "publish_one":
            continue  # does not grow with the estate: it has a goal of its own
        yield f"{name:<20}" + "".join(f"{part['nanoseconds'][name] / part['series']:>14.1f}" for part in parts)


def goal_lines(goals):
    yield ""
    for goal in goals:
        verdict = "met   " if goal["met"] else "MISSED"
        yield f"{verdict} {goal['goal']}: {goal['measured']} ({goal['wanted']}); {goal['detail']}"


def text(results):
    machine = results["machine"]
    lines = [f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {results['date']}",
             "Median time of a scrape, the server's own CPU time of one, its resident memory after them. One client, one "
             "server at a time.", *(f"{name}: {what}" for name, what in results["what"].items())]
    for size in results["sizes"]:
        lines += size_lines(size)
    if results.get("parts"):
        lines += parts_lines(results["parts"])
    if results.get("goals"):
        lines += goal_lines(results["goals"])
    return "\n".join(lines)
