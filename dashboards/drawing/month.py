"""Plays a month in the estates of simulators and writes down what the exporter says of each day.

usage: month.py EXPORTER SIMULATOR… > history.txt     (addresses as HOST:PORT)

Every day seats are bought, assigned and used, and Partner Center processes its figures. What the exporter then shows
on /metrics becomes two samples of that day, in OpenMetrics for `promtool tsdb create-blocks-from`. On the 24th day a
customer gives seats back, another one leaves and a new one comes.
"""
import json
import random
import re
import sys
import time
import urllib.request

DAYS = 30
STEP = 12 * 3600
KEPT = re.compile(r"(licenses_|deployment_|usage_|partner_licenses|partner_deployment|partner_usage|partner_center_up|"
                  r"partner_center_customer|partner_center_data_processed|partner_center_exporter_build_info)")


def call(address, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if data else {"Accept": "application/openmetrics-text;version=1.0.0"}
    return urllib.request.urlopen(urllib.request.Request("http://" + address + path, data, headers), timeout=20).read().decode()


class Estate:
    def __init__(self, address, exporter):
        self.address = address
        # Their names are made to trouble programs, and fonts.
        everybody = json.loads(call(address, "/_sim/estate?customers=1"))["customers"][1:]
        odd = [c["id"] for at, c in enumerate(everybody) if at < 16 or max(c["name"]) > "\u024f" or len(c["name"]) > 60]
        self.change({"remove": odd})
        wait_for(exporter, lambda: not any(one in call(exporter, "/metrics") for one in odd))
        self.chance = random.Random(address.split(":")[0])
        self.customers = json.loads(call(address, "/_sim/estate?customers=1"))["customers"]
        self.eager = {c["id"]: self.chance.random() for c in self.customers}

    def change(self, edit):
        call(self.address, "/_sim/estate", edit)

    def live_through(self, day):
        rows = []
        for customer in self.customers[1:]:
            for product in customer["products"]:
                if not product["sold"] or product["deployed"] > product["sold"]:
                    continue
                if day and self.chance.random() < 0.06:
                    product["sold"] += self.chance.randint(1, 8)
                wanted = product["sold"] * (0.25 + 0.72 * self.eager[customer["id"]] ** 0.6)
                if day == 0:
                    product["deployed"] = int(wanted * self.chance.uniform(0.45, 0.95))
                elif product["deployed"] < wanted and self.chance.random() < 0.4:
                    product["deployed"] += self.chance.randint(1, 1 + product["sold"] // 40)
                rows.append({"customer": customer["id"], "product": product["name"], "sold": product["sold"],
                             "deployed": min(product["deployed"], product["sold"])})
                for at, use in enumerate(product["usage"]):
                    share = (0.9, 0.62, 0.48, 0.3)[at % 4] * (0.7 + 0.3 * self.eager[customer["id"]]) * (0.85 + 0.005 * day)
                    rows.append({"customer": customer["id"], "product": product["name"], "workload": use["workload"],
                                 "active": int(product["deployed"] * min(share, 1)), "qualified": product["sold"]})
        self.change({"rows": rows, "reprocess_days": 1})

    def turn_over(self):
        by_seats = sorted(self.customers[2:], key=lambda c: sum(p["sold"] for p in c["products"]))
        for product in by_seats[-2]["products"]:
            product["sold"] = product["sold"] * 2 // 3
            product["deployed"] = min(product["deployed"], product["sold"])
        self.customers.remove(by_seats[len(by_seats) // 2])
        self.change({"remove": [by_seats[len(by_seats) // 2]["id"]], "add": [{
            "id": "0c0c0c0c-1111-4222-8333-%012x" % self.chance.getrandbits(40), "name": "Wide World Importers",
            "domain": "wideworldimporters.example", "products": [{
                "name": "MICROSOFT 365 BUSINESS PREMIUM", "service": "o365", "channel": "reseller", "sold": 40, "deployed": 22,
                "usage": [{"workload": "Exchange", "active": 20, "qualified": 40}]}]}]})


def oldest(exporter, metric):
    """The smallest of a metric's values for customers' figures."""
    values = [float(line.rsplit(" ", 1)[1]) for line in call(exporter, "/metrics").splitlines()
              if line.startswith(metric + "{") and 'collector="customer' in line]
    return min(values, default=0)


def processed(exporter):
    return oldest(exporter, "partner_center_data_processed_timestamp_seconds")


def read(exporter):
    return oldest(exporter, "partner_center_collector_last_success_timestamp_seconds")


def wait_for(exporter, condition):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit("the exporter at %s did not follow" % exporter)
        time.sleep(0.1)


def main():
    exporter = sys.argv[1]
    wait_for(exporter, lambda: processed(exporter) > 0)
    estates = [Estate(address, exporter) for address in sys.argv[2:]]
    end = int(time.time())
    behind = int((end - processed(exporter)) // 86400) - DAYS - 2
    for estate in estates:
        estate.change({"reprocess_days": behind})
    target = 'instance="%s",job="partner_center"' % exporter
    for day in range(DAYS):
        before = processed(exporter)
        for estate in estates:
            if day == 24:
                estate.turn_over()
            estate.live_through(day)
        wait_for(exporter, lambda: processed(exporter) > before + 43200)
        followed = time.time() + 0.5  # a reading that began before the day did is over by then
        wait_for(exporter, lambda: read(exporter) > followed)
        for line in call(exporter, "/metrics").splitlines():
            if line.startswith("#") or not KEPT.match(line):
                continue
            name, rest = line.split("{", 1)
            for half in range(2):
                at = end - (DAYS - day - 1) * 86400 - (1 - half) * STEP
                print("%s{%s,%s %d" % (name, target, rest, at))
    print("# EOF")


main()
