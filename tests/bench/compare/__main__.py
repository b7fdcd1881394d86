"""Scrapes the exporter and its peers with the same series, and judges. tests/bench/run.sh is how to start it."""

import argparse
import datetime
import gzip
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import exporter
import goals
import report
import samples
import servers
from scraping import Client, ScrapeFailed, measured

HERE = pathlib.Path(__file__).resolve().parent
PARTS = ("exporter", "floor", *goals.PEERS, "refresh", "parts")
WHAT = {
    "exporter": exporter.WHAT,
    "floor": "the same bytes from a static buffer, by the exporter's web server",
    "exposer": "prometheus-cpp's Exposer (civetweb)",
    "client_go": "Go's client_golang, promhttp",
    "client_python": "Python's prometheus_client, start_http_server",
}
REFRESHED_FOR = {"gzip": ("gzip",), "plain": ("plain",), "gzip and plain": ("gzip", "plain")}
# Of one series, more than was ever seen: who does not fit into memory is left out rather than swapped.
PEER_BYTES_PER_SERIES = {"exposer": 6000, "client_go": 4000, "client_python": 5000}


def arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__)
    numbers = lambda text: [int(word.replace("_", "")) for word in text.split(",")]
    parser.add_argument("--series", type=numbers, default=[10_000, 100_000, 1_000_000], metavar="N,…")
    parser.add_argument("--scrapes", type=int, default=5, help="of each server and form, at least")
    parser.add_argument("--only", type=lambda text: text.split(","), default=PARTS, metavar="PART,…", help=", ".join(PARTS))
    parser.add_argument("--timeout", type=float, default=120, help="seconds a scrape may take")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a goal is missed")
    parser.add_argument("--json", type=pathlib.Path, default=pathlib.Path("build/bench.json"), metavar="FILE")
    parser.add_argument("--build", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if unknown := set(given.only) - set(PARTS):
        parser.error(f"--only: there is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if given.scrapes < 1 or min(given.series) < 1:
        parser.error("--series and --scrapes begin at 1")
    return given


class Comparison:
    def __init__(self, given, work):
        self.given, self.work, self.build = given, work, given.build

    def scrape(self, server):
        result = {}
        for form in ("plain", "gzip"):
            say(f"    {server.name}, {form}")
            try:
                result[form] = measured(server, form == "gzip", self.given.scrapes, self.given.timeout)
            except ScrapeFailed as failure:
                result[f"{form}_failed"] = str(failure)
                say(f"    {server.name}, {form}: {failure}")
        return result | {"resident_bytes": server.resident(), "peak_bytes": server.peak()}

    def size(self, asked):
        say(f"==> {asked:,} series")
        size = {"asked": asked, "servers": {}, "left_out": {}}
        with exporter.simulator(self.build, self.work, asked) as upstream, \
                exporter.daemon(self.build, self.work, upstream) as server:
            client = Client(server.port, self.given.timeout)
            self.body = client.scrape(keep=True).body
            packed = client.scrape(gzip=True, keep=True).body
            client.close()
            size["round_seconds"] = exporter.rounds(server)[0]
            if "exporter" in self.given.only:
                size["servers"]["exporter"] = self.scrape(server)
        (self.work / "plain").write_bytes(self.body)
        (self.work / "packed").write_bytes(packed)
        lines = list(samples.insight_lines(self.body))
        (self.work / "series").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        expected = samples.samples_of(lines)
        del lines
        size["series"] = len(expected)
        inside = samples.samples_of(samples.insight_lines(gzip.decompress(packed)))
        if inside != expected:
            raise servers.ServerFailed("our own gzip body holds other samples than the plain one")
        del inside
        if "floor" in self.given.only:
            self.floor(size)
        for peer in goals.PEERS:
            if peer in self.given.only:
                self.peer(peer, size, expected)
        return size

    def floor(self, size):
        command = [self.build / "tests/pce_bench_floor", "@PORT@", self.work / "plain", self.work / "packed"]
        with servers.Server("floor", command, self.work / "floor.log") as server:
            server.wait_until_it_listens(60)
            size["servers"]["floor"] = self.scrape(server)
            size["copy_seconds"] = float(server.said().split()[1])

    def peer(self, name, size, expected):
        command = {"client_python": ["/usr/bin/python3", HERE.parent / "peers/client_python.py"]}.get(
            name, [self.build / f"tests/pce_bench_{name}"])
        wanted = PEER_BYTES_PER_SERIES[name] * size["series"]
        reason = None
        if not command[0].exists() if isinstance(command[0], pathlib.Path) else False:
            reason = f"{command[0]} was not built"
        elif wanted > servers.available_memory():
            reason = f"it may take {wanted / 1e9:.1f} GB of memory, {servers.available_memory() / 1e9:.1f} GB are free"
        if not reason:
            try:
                with servers.Server(name, [*command, "@PORT@", self.work / "series"], self.work / f"{name}.log") as server:
                    server.wait_until_it_listens(600)
                    result = self.scrape(server)
                    for gz in (False, True):
                        body = Client(server.port, self.given.timeout).scrape(gzip=gz, keep=True).body
                        result["difference"] = samples.difference(expected, gzip.decompress(body) if gz else body)
                        if result["difference"]:
                            break
                    size["servers"][name] = result
                    return
            except (servers.ServerFailed, ScrapeFailed) as failure:
                reason = str(failure).strip().replace("\n", " / ")
        say(f"    {name} LEFT OUT: {reason}")
        size["left_out"][name] = reason


def base_bytes(given, work):
    with exporter.simulator(given.build, work, 0) as upstream, exporter.daemon(given.build, work, upstream) as server:
        measured(server, True, 1, given.timeout)
        return server.resident()


def benchmarks(program, *options):
    ran = subprocess.run([program, *options, "--benchmark_format=json"], stdin=subprocess.DEVNULL, capture_output=True,
                         check=True)
    return json.loads(ran.stdout)["benchmarks"]


def parts(given):
    """What reading, publishing and scraping consist of, without a network: the CPU time of each, by Google Benchmark."""
    to_ns = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    for asked in given.series:
        say(f"==> parts of {asked:,} series")
        # Exactly 20,000 customers at the largest size, as one of them is refreshed.
        customers = max(1, (980_000 if asked == 1_000_000 else asked) // exporter.SERIES_PER_CUSTOMER)
        series = customers * exporter.SERIES_PER_CUSTOMER
        decoded = benchmarks(given.build / "tests/pce_decode_bench", f"--rows={max(1, series // 3)}",
                             "--benchmark_filter=^decode_usage")
        found = benchmarks(given.build / "tests/pce_scrape_bench", f"--series={series}")
        times = {one["name"]: one["cpu_time"] * to_ns[one["time_unit"]] for one in found if "ns/series" in one}
        times["decode"] = decoded[0]["cpu_time"] * to_ns[decoded[0]["time_unit"]]
        weight = next(one["B/series"] for one in found if one["name"].startswith("snapshot_memory"))
        yield {"asked": asked, "customers": customers, "series": series, "nanoseconds": times,
               "snapshot_bytes_per_series": weight}


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": names[0] if names else "unknown processor", "cores": os.cpu_count(), "memory_gb": round(memory / 1e9)}


def say(line):
    print(line, file=sys.stderr, flush=True)


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = {"command": " ".join(["tests/bench/run.sh", *(word for word in sys.argv[1:] if not word.startswith("--build="))]),
               "date": datetime.date.today().isoformat(), "machine": machine(),
               "what": {name: what for name, what in WHAT.items() if name in given.only}, "sizes": []}
    with tempfile.TemporaryDirectory(prefix="partner-center-bench.") as folder:
        work = pathlib.Path(folder)
        compared = set(given.only) - {"refresh", "parts"}
        comparison = Comparison(given, work)
        try:
            if "exporter" in given.only:
                results["base_bytes"] = base_bytes(given, work)
            for asked in given.series if compared else []:
                results["sizes"].append(comparison.size(asked))
            if "refresh" in given.only:
                results["refreshes"] = {}
                for what, forms in REFRESHED_FOR.items():
                    say(f"==> everything is refreshed while {what} scrapes are answered")
                    results["refreshes"][what] = exporter.refresh(given.build, work, given.series[-1], given.timeout, forms)
            if "parts" in given.only:
                results["parts"] = list(parts(given))
        except (servers.ServerFailed, ScrapeFailed) as failure:
            say(f"{failure}")
            return 1
    results["goals"] = goals.judged(results)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(report.text(results))
    print(f"\nAs JSON: {given.json}")
    different = any(server.get("difference") for size in results["sizes"] for server in size["servers"].values())
    missed = given.check and not all(goal["met"] for goal in results["goals"])
    return 1 if different or missed else 0


sys.exit(main())
