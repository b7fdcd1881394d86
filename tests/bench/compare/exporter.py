"""The real daemon, which reads its series from the simulator before it is scraped."""

import contextlib
import itertools
import json
import re
import statistics
import subprocess
import sys
import time
import urllib.request

import servers
from scraping import Client

# Four products of each customer: licences and percents of each, the same of three workloads, and one line of the
# customer list. Where nothing is sold there is no percent.
SERIES_PER_CUSTOMER = 4 * 3 + 4 * 3 * 3 + 1
WHAT = "partner_center_exporter, its series read from partner_center_simulator"

CONFIGURATION = """\
accounts:
  - name: contoso
    cloud: custom
    tenant_id: 11111111-2222-3333-4444-555555555555
    client_id: 66666666-7777-8888-9999-000000000000
    refresh_token_file: bench.token
    endpoints:
      api: http://127.0.0.1:{port}
      login: http://127.0.0.1:{port}
      resource: https://api.partnercenter.microsoft.com
insights:
  interval: {interval}
  stale_after: 48h
limits:
  requests_per_minute: 60000
  concurrency: 4
  series: 20000000
"""


@contextlib.contextmanager
def simulator(build, work, series):
    customers = max(1, round(series / SERIES_PER_CUSTOMER)) if series else 0
    command = [build / "partner_center_simulator", "--web.listen-address=127.0.0.1:@PORT@",
               f"--customers={customers}", "--products=4"]
    with servers.Server("simulator", command, work / "simulator.log") as server:
        yield server.wait_until_it_listens(30)


@contextlib.contextmanager
def daemon(build, work, upstream, interval="6h"):
    """Ready: its first round has ended, and well."""
    token = work / "bench.token"
    token.touch(mode=0o600)
    token.write_text("made-up-word\n", encoding="ascii")
    config = work / "bench.yml"
    config.write_text(CONFIGURATION.format(port=upstream.port, interval=interval), encoding="ascii")
    command = [build / "partner_center_exporter", f"--config.file={config}", "--web.listen-address=127.0.0.1:@PORT@"]
    with servers.Server("exporter", command, work / "exporter.log") as server:
        server.wait_until_it_listens(30)
        server.wait_for(lambda: rounds(server), 900, "its first round has ended")
        yield server


def rounds(server):
    """How long each of its rounds took, in seconds."""
    return [float(seconds) for seconds in
            re.findall(r'msg="Round finished".* duration_seconds=([0-9.e-]+)', server.said())]


def ask(server, path, method="GET", body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}", method=method, data=None if body is None else json.dumps(body).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")


class Watch:
    """Scrapes, and keeps a body whenever it is of another size than the one before by more than our own figures."""

    def __init__(self, server, timeout, forms):
        self.server, self.client = server, Client(server.port, timeout)
        self.forms = itertools.cycle(forms)
        self.sizes = {}  # by form
        self.begin()

    def begin(self):
        self.scrapes, self.cpu, self.changed = [], [], 0

    def scrape(self):
        form = next(self.forms)
        scrape = self.client.scrape(gzip=form == "gzip", keep=True)
        self.cpu.append((time.monotonic(), self.server.cpu_seconds()))
        if abs(scrape.size - self.sizes.get(form, -200)) < 200:
            scrape.body = None
        else:
            self.changed = scrape.began
        self.sizes[form] = scrape.size
        self.scrapes.append(scrape)
        time.sleep(0.01)

    def first(self, after, shows):
        """When the first of the bodies kept since then had come that shows it."""
        return next((scrape.began + scrape.seconds for scrape in self.scrapes
                     if scrape.body is not None and scrape.began > after and shows(scrape.text())), None)

    def cpu_between(self, begin, end):
        """The server's CPU time, all of it."""
        meanwhile = [cpu for at, cpu in self.cpu if begin <= at <= end]
        return meanwhile[-1] - meanwhile[0] if meanwhile else 0


def usage_pages(upstream):
    """The pages of the first reading, since the log began, of the bulk report that most series come from."""
    calls = ask(upstream, "/_sim/log?last=100000&operation=commercial_usage")["calls"]
    pages = [call for call in calls if "groupby" not in call["query"]]
    first = [at for at, call in enumerate(pages) if "skip=" not in call["query"]]
    return pages[:first[1]] if len(first) > 1 else pages


def usage_is_tripled(body):
    return all(float(line.rsplit(b" ", 1)[1]) > 100 for line in body.split(b"\n")
               if line.startswith(b"usage_percent{"))


def refresh(build, work, series, timeout, forms):
    """Everything is read again with other numbers in it, twice, while somebody scrapes all the time, in these forms."""
    interval = max(4, round(series / 40_000))  # half of it, at least, until usage is read again
    with simulator(build, work, series) as upstream, daemon(build, work, upstream, f"{interval}s") as server:
        watch = Watch(server, timeout, forms)
        for _ in range(100):
            watch.scrape()
        beside_loop = beside_a_loop(watch)
        return [one_refresh(upstream, server, watch, tripled, 10 * interval) | {"scrape_seconds_beside_a_loop": beside_loop}
                for tripled in (True, False)]


def beside_a_loop(watch):
    """On two processors, client and server leave none for a third: what that alone costs a scrape."""
    loop = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        watch.begin()
        for _ in range(50):
            watch.scrape()
    finally:
        loop.kill()
        loop.wait()
    seconds = statistics.median(scrape.seconds for scrape in watch.scrapes)
    watch.begin()
    for _ in range(100):
        watch.scrape()
    return seconds


def one_refresh(upstream, server, watch, tripled, patience):
    before = statistics.median(scrape.seconds for scrape in watch.scrapes[-100:])
    resting = server.resident()
    server.forget_peak()
    ask(upstream, "/_sim/settings", "POST", {"variant": {"over_100": tripled}})
    ask(upstream, "/_sim/log", "DELETE")
    origin = time.monotonic()
    watch.begin()
    pages, last_page, shown = [], origin, None
    while shown is None:
        if time.monotonic() > origin + patience:
            raise servers.ServerFailed(f"the exporter did not show usage that it read again:\n{server.said()[-2000:]}")
        for _ in range(10):
            watch.scrape()
        if pages := usage_pages(upstream):
            last_page = origin + (pages[-1]["at_ms"] + pages[-1]["took_ms"]) / 1000
        if pages and last_page < watch.changed < time.monotonic() - 2:
            shown = watch.first(last_page, lambda body: usage_is_tripled(body) == tripled)
    first_page = origin + pages[0]["at_ms"] / 1000
    reading = [scrape.seconds for scrape in watch.scrapes if first_page < scrape.began < last_page]
    publishing = [scrape.seconds for scrape in watch.scrapes if last_page < scrape.began + scrape.seconds <= shown]
    return {
        "pages": len(pages),
        "reading_seconds": last_page - first_page,
        "served_after_seconds": shown - last_page,
        "cpu_seconds_until_served": watch.cpu_between(last_page, shown),
        "scrape_seconds_before": before,
        "scrape_seconds_reading": statistics.median(reading) if reading else None,
        "scrape_seconds_publishing": statistics.median(publishing),
        "scrape_seconds_publishing_max": max(publishing),
        "scrapes_publishing": len(publishing),
        "resident_bytes_before": resting,
        "resident_bytes_after": server.resident(),
        "peak_bytes": server.peak(),
    }
