"""Opens connections through python ldap3's ServerPool from many threads.

Arguments: strategy, number of threads, seconds that connecting may take, the
servers' URLs. Lines on standard input change the pool while it runs: "add URL",
"remove URL", and "stop". Then it writes a line of JSON for each opening:
{"server": URL, "took": SECONDS} or {"error": TEXT, "took": SECONDS}.
"""

import json
import sys
import threading
import time

import ldap3

strategy, threads, timeout = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
servers = {}


def server(url):
    servers[url] = ldap3.Server(url, get_info=ldap3.NONE, connect_timeout=timeout)
    return servers[url]


pool = ldap3.ServerPool([server(url) for url in sys.argv[4:]], strategy, active=True, exhaust=False)
over = threading.Event()
results = []


def client():
    while not over.is_set():
        began = time.monotonic()
        try:
            connection = ldap3.Connection(pool, receive_timeout=max(1, int(timeout)), read_only=True)
            connection.open(read_server_info=False)
            connection.search("", "(objectClass=*)", ldap3.BASE, attributes=["1.1"])
            if connection.result["description"] != "success":
                raise RuntimeError(connection.result["description"])
            results.append({"server": connection.server.name, "took": time.monotonic() - began})
            connection.unbind()
        except Exception as e:
            results.append({"error": type(e).__name__ + ": " + str(e)[:100], "took": time.monotonic() - began})
            time.sleep(0.01)


for _ in range(threads):
    threading.Thread(target=client, daemon=True).start()
print("running", flush=True)
for line in sys.stdin:
    command, _, url = line.strip().partition(" ")
    if command == "stop":
        break
    try:
        if command == "add":
            pool.add(server(url))
        else:
            pool.remove(servers[url])
        print("ok", flush=True)
    except Exception as e:
        print("error " + type(e).__name__ + ": " + str(e), flush=True)
over.set()
time.sleep(2 * timeout)
for result in list(results):
    print(json.dumps(result))
sys.stdout.flush()
sys.stderr.close()
