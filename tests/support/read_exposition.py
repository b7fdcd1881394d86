"""Reads an exposition as strictly as Python's client library can and prints how many samples it has.

usage: read_exposition.py text|openmetrics plain|gzip FILE
"""

import gzip
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text

form, coding, path = sys.argv[1:]
with open(path, "rb") as file:
    content = file.read()
if coding == "gzip":
    content = gzip.decompress(content)
read = {"text": text, "openmetrics": openmetrics}[form].text_string_to_metric_families
print(sum(len(family.samples) for family in read(content.decode("utf-8"))))
