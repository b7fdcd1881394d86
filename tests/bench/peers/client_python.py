"""The series of an exposition, served by Python's client library: client_python.py PORT FILE.

FILE has HELP, TYPE and sample lines of gauges only.
"""

import gc
import re
import signal
import sys

from prometheus_client import CollectorRegistry, Gauge, start_http_server

LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\(.)")


def unescaped(value):
    if "\\" not in value:
        return value
    return ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], value)


def read(path, registry):
    name = text = gauge = None
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.startswith("# HELP "):
                text = line.rstrip("\n").split(" ", 3)[3]
            elif line.startswith("# TYPE "):
                name, gauge = line.split(" ", 3)[2], None
            else:
                head, number = line.rsplit(" ", 1)
                labels = LABEL.findall(head)
                if gauge is None:
                    gauge = Gauge(name, text, [label for label, _ in labels], registry=registry)
                child = gauge.labels(*(unescaped(value) for _, value in labels)) if labels else gauge
                child.set(float(number))


registry = CollectorRegistry()
read(sys.argv[2], registry)
gc.collect()
start_http_server(int(sys.argv[1]), addr="127.0.0.1", registry=registry)
print("Listening", flush=True)
signal.pause()
