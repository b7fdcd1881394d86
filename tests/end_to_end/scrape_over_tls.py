"""Scrapes over TLS with a client certificate and a password, each time on a new connection, until a line comes.

usage: scrape_over_tls.py PORT CA CERTIFICATE KEY NAME:PASSWORD; prints "SCRAPES scrapes, FAILED failed" and each failure
"""

import base64
import http.client
import ssl
import sys
import threading

port, authority, certificate, key, login = sys.argv[1:]
ending = threading.Event()
lock = threading.Lock()
scrapes = 0
failures = []


def scrape():
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    connection = http.client.HTTPSConnection("localhost", int(port), timeout=20, context=context)
    try:
        header = "Basic " + base64.b64encode(login.encode()).decode()
        connection.request("GET", "/metrics", headers={"Authorization": header})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or b"licenses_sold{" not in body:
            raise ValueError(f"HTTP {answer.status}, {len(body)} bytes")
    finally:
        connection.close()


def scrape_on():
    global scrapes
    while not ending.is_set():
        failure = None
        try:
            scrape()
        except (OSError, ValueError, http.client.HTTPException) as error:
            failure = repr(error)
        with lock:
            scrapes += 1
            if failure:
                failures.append(failure)


threads = [threading.Thread(target=scrape_on) for _ in range(2)]
for thread in threads:
    thread.start()
print("scraping", flush=True)
sys.stdin.readline()
ending.set()
for thread in threads:
    thread.join()
print(f"{scrapes} scrapes, {len(failures)} failed", *failures[:5], sep="\n")
