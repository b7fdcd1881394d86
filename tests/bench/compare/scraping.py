"""The one client that scrapes them all: HTTP/1.1, the connection is kept where the server keeps it."""

import dataclasses
import gzip
import socket
import statistics
import time

ACCEPT = "text/plain;version=0.0.4"
LAST_CHUNK = b"\r\n0\r\n\r\n"


class ScrapeFailed(Exception):
    pass


@dataclasses.dataclass
class Scrape:
    began: float  # of time.monotonic()
    seconds: float  # from the request's first byte to the answer's last one
    headers: dict
    size: int  # of the body as it was sent
    body: bytes | None = None

    def text(self):
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body


class Client:
    """Reads a body as it comes and takes nothing apart, so that the server is what is measured."""

    def __init__(self, port, timeout):
        self.port, self.timeout = port, timeout
        self.socket = None
        self.buffer = memoryview(bytearray(1 << 20))

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def scrape(self, gzip=False, keep=False, path="/metrics"):
        accept_encoding = "Accept-Encoding: gzip\r\n" if gzip else ""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {ACCEPT}\r\n{accept_encoding}\r\n"
        reused = self.socket is not None
        began = time.monotonic()
        try:
            head, size, kept = self._exchange(request.encode(), keep)
        except (ConnectionError, EOFError):
            self.close()
            if not reused:
                raise
            began = time.monotonic()  # the server had closed it meanwhile
            head, size, kept = self._exchange(request.encode(), keep)
        except TimeoutError as late:
            self.close()
            raise ScrapeFailed(f"no whole answer within {self.timeout} s") from late
        seconds = time.monotonic() - began
        status, headers = head
        if headers.get("connection", "").lower() == "close" or "_until_close" in headers:
            self.close()
        if status != 200:
            raise ScrapeFailed(f"status {status}")
        if gzip != (headers.get("content-encoding") == "gzip"):
            raise ScrapeFailed(f"Content-Encoding is {headers.get('content-encoding', 'absent')}")
        body = None
        if keep:
            body = b"".join(kept)
            if "transfer-encoding" in headers:
                body = unchunked(body)
        return Scrape(began, seconds, headers, size, body)

    def _exchange(self, request, keep):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        deadline = time.monotonic() + self.timeout
        self.socket.sendall(request)
        start = b""
        while b"\r\n\r\n" not in start:
            count = self._receive(deadline)
            if count == 0:
                raise EOFError
            start += self.buffer[:count]
        head, _, first = start.partition(b"\r\n\r\n")
        status, headers = parsed_head(head)
        kept = [first]
        size, tail = len(first), first[-len(LAST_CHUNK):]
        whole = int(headers["content-length"]) if "content-length" in headers else None
        chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        if whole is None and not chunked:
            headers["_until_close"] = "yes"
        # Only the end of a chunked body looks like this: text has no carriage returns, and for
        # compressed bytes to do so just where a read ends is a matter of 2^-56.
        while size != whole and not (chunked and tail == LAST_CHUNK):
            count = self._receive(deadline)
            if count == 0:
                if whole is None and not chunked:
                    break
                raise ScrapeFailed(f"the connection ended after {size} bytes of the body")
            size += count
            if keep:
                kept.append(bytes(self.buffer[:count]))
            if chunked:
                tail = (tail + self.buffer[max(0, count - len(LAST_CHUNK)):count])[-len(LAST_CHUNK):]
        return (status, headers), size, kept

    def _receive(self, deadline):
        if time.monotonic() > deadline:
            raise TimeoutError
        return self.socket.recv_into(self.buffer)


def parsed_head(head):
    lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return int(lines[0].split(" ")[1]), headers


def unchunked(body):
    parts, at = [], 0
    while True:
        end = body.index(b"\r\n", at)
        size = int(body[at:end].split(b";")[0], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 2:end + 2 + size])
        at = end + 2 + size + 2


def measured(server, gzip, scrapes, timeout):
    """Several scrapes of one server: the median of their times, and the server's own CPU time of each."""
    client = Client(server.port, timeout)
    client.scrape(gzip)  # the first one fills caches everywhere
    cpu, all_of_them = server.cpu_seconds(), []
    began = time.monotonic()
    # Fast ones are repeated for a second, or noise would be all that is seen of them.
    while len(all_of_them) < scrapes or (len(all_of_them) < 40 * scrapes and time.monotonic() - began < 1):
        all_of_them.append(client.scrape(gzip))
    cpu = server.cpu_seconds() - cpu
    client.close()
    seconds = [scrape.seconds for scrape in all_of_them]
    return {
        "seconds": statistics.median(seconds),
        "seconds_min": min(seconds),
        "seconds_max": max(seconds),
        "cpu_seconds": cpu / len(seconds),
        "bytes": all_of_them[-1].size,
        "scrapes": len(seconds),
    }
