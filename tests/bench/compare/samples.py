"""What a body says, for comparing the servers' bodies with each other."""

import math
import re

EMPTY_LABEL = re.compile(r'(?<=[{,])\w+="",?')


def is_about_ourselves(name):
    return (name.startswith("partner_center_") and name != "partner_center_customer_info") or name.startswith("process_")


def insight_lines(body):
    """HELP, TYPE and samples of the insights in our own exposition; the rest is about the exporter itself."""
    for line in body.decode("utf-8").split("\n"):
        if not line:
            continue
        words = line.split(" ", 3)
        name = words[2] if words[0] == "#" else re.split(r"[{ ]", line, maxsplit=1)[0]
        if not is_about_ourselves(name):
            yield line


def samples_of(lines):
    """Labels as text → number. A label without a value is as good as none."""
    samples = {}
    for line in lines:
        if line and not line.startswith("#"):
            series, number = sample_of(line)
            samples[series] = float(number)
    return samples


def sample_of(line):
    series, number = line.rsplit(" ", 1)
    if '=""' in series:
        series = EMPTY_LABEL.sub("", series).replace(",}", "}")
    return series, number


def difference(expected, body):
    """None where the body holds the same samples, else the first thing that is not alike.

    prometheus-cpp prints 16 digits, so the last bit of a number may be another one.
    """
    left = dict(expected)
    for line in body.decode("utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        series, number = sample_of(line)
        wanted = left.pop(series, None)
        if wanted is None:
            # Exposer's own, about itself.
            if series.startswith("exposer_"):
                continue
            return f"has {series}, which is not in the file"
        if not math.isclose(float(number), wanted, rel_tol=1e-15):
            return f"says {number} of {series}, not {wanted}"
    if left:
        return f"lacks {len(left)} series, such as {next(iter(left))}"
    return None
