"""Server processes: started, watched through /proc, ended."""

import contextlib
import random
import socket
import subprocess
import time


class ServerFailed(Exception):
    pass


def free_port():
    # Below the range from which the kernel hands out ports of its own.
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """`command` gets its port in place of @PORT@; what it says goes to `log`."""

    def __init__(self, name, command, log):
        self.name, self.log, self.port = name, log, free_port()
        words = [str(word).replace("@PORT@", str(self.port)) for word in command]
        # Should we be killed outright, it gets a SIGTERM from the kernel.
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *words],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            return lines.read()

    def wait_for(self, condition, seconds, what):
        deadline = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None:
                raise ServerFailed(f"{self.name} ended with status {self.process.returncode}:\n{self.said()[-2000:]}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"{self.name}: {what} not within {seconds} s:\n{self.said()[-2000:]}")
            time.sleep(0.05)
        return self

    def wait_until_it_listens(self, seconds):
        return self.wait_for(lambda: "Listening" in self.said(), seconds, "it listens")

    def cpu_seconds(self):
        """Of all its threads, those that have ended too (clock_getcpuclockid(3))."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def resident(self):
        return self._status("VmRSS")

    def peak(self):
        """The most that was resident since it started, or since forget_peak()."""
        return self._status("VmHWM")

    def forget_peak(self):
        with open(f"/proc/{self.pid}/clear_refs", "w", encoding="ascii") as out:
            out.write("5")

    def _status(self, key):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as lines:
            for line in lines:
                if line.startswith(key + ":"):
                    return int(line.split()[1]) * 1024
        raise ServerFailed(f"{self.name} has ended")


def available_memory():
    with open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
