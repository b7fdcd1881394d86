"""The real daemon, which reads its series from the simulator before it is scraped."""

import contextlib
import gzip
import json
import re
import statistics
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

    def __init__(self, server, timeout):
        self.client, self.scrapes, self.size = Client(server.port, timeout), [], None

    def scrape(self):
        scrape = self.client.scrape(gzip=True, keep=True)
        if self.size is not None and abs(scrape.size - self.size) < 200:
            scrape.body = None
        self.size = scrape.size
        self.scrapes.append(scrape)
        time.sleep(0.01)


def usage_pages(upstream):
    """The pages of the bulk report that most series come from, which the exporter asked for since the log began."""
    calls = ask(upstream, "/_sim/log?last=100000&operation=commercial_usage")["calls"]
    return [call for call in calls if "groupby" not in call["query"]]


def shows_new_usage(body):
    return all(float(line.rsplit(b" ", 1)[1]) > 100 for line in gzip.decompress(body).split(b"\n")
               if line.startswith(b"usage_percent{"))


def refresh(build, work, series, timeout):
    """Everything is read again with other numbers in it, while somebody scrapes all the time."""
    interval = max(8, round(series / 40_000))  # half of it, at least, until usage is read again
    with simulator(build, work, series) as upstream, daemon(build, work, upstream, f"{interval}s") as server:
        watch = Watch(server, timeout)
        for _ in range(100):
            watch.scrape()
        before = statistics.median(scrape.seconds for scrape in watch.scrapes)
        resting = server.resident()
        server.forget_peak()
        ask(upstream, "/_sim/settings", "POST", {"variant": {"over_100": True}})
        ask(upstream, "/_sim/log", "DELETE")
        origin = time.monotonic()

        watch.scrapes.clear()
        deadline = time.monotonic() + 10 * interval
        quiet_since, pages = origin, []
        while not pages or time.monotonic() - quiet_since < 2:
            if time.monotonic() > deadline:
                raise servers.ServerFailed(f"the exporter did not read usage again:\n{server.said()[-2000:]}")
            for _ in range(20):
                watch.scrape()
            if len(found := usage_pages(upstream)) > len(pages):
                quiet_since, pages = time.monotonic(), found
        first_page, last_page = (origin + at / 1000 for at in
                                 (pages[0]["at_ms"], pages[-1]["at_ms"] + pages[-1]["took_ms"]))
        shown = next((scrape.began + scrape.seconds for scrape in watch.scrapes
                      if scrape.body is not None and scrape.began > last_page and shows_new_usage(scrape.body)), None)
        if shown is None:
            raise servers.ServerFailed("what the exporter read again is not in what it serves")
        reading = [scrape.seconds for scrape in watch.scrapes if first_page < scrape.began < last_page]
        publishing = [scrape.seconds for scrape in watch.scrapes if last_page < scrape.began + scrape.seconds <= shown]
        return {
            "pages": len(pages),
            "reading_seconds": last_page - first_page,
            "served_after_seconds": shown - last_page,
            "scrape_seconds_before": before,
            "scrape_seconds_reading": statistics.median(reading) if reading else None,
            "scrape_seconds_publishing": statistics.median(publishing),
            "scrape_seconds_publishing_max": max(publishing),
            "scrapes_publishing": len(publishing),
            "resident_bytes_before": resting,
            "resident_bytes_after": server.resident(),
            "peak_bytes": server.peak(),
        }
