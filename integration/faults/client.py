"""Uses connections through python ldap3's ServerPool from many threads.

Arguments: what the threads do, "open" for one connection after another or
"search" for searches on a restartable one each; strategy, number of threads,
seconds that connecting may take, the servers' URLs. Lines on standard input change the pool while it runs: "add URL",
"remove URL", and "stop". Then it writes a line of JSON for each opening:
{"server": URL, "took": SECONDS} or {"error": TEXT, "took": SECONDS}.
"""

import json
import sys
import threading
import time

import ldap3

what, strategy, threads, timeout = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
servers = {}


def server(url):
    servers[url] = ldap3.Server(url, get_info=ldap3.NONE, connect_timeout=timeout)
    return servers[url]


pool = ldap3.ServerPool([server(url) for url in sys.argv[5:]], strategy, active=True, exhaust=False)
over = threading.Event()
results = []


def opened(**parameters):
    connection = ldap3.Connection(pool, receive_timeout=max(1, int(timeout)), read_only=True, **parameters)
    connection.open(read_server_info=False)
    return connection


def look(connection, base):
    connection.search(base, "(objectClass=*)", ldap3.BASE, attributes=["1.1"])
    if connection.result["description"] != "success":
        raise RuntimeError(connection.result["description"])


def opening(state):
    connection = opened()
    look(connection, "")
    results.append({"server": connection.server.name, "took": time.monotonic() - state["began"]})
    connection.unbind()


def searching(state):
    if "connection" not in state:
        state["connection"] = opened(client_strategy=ldap3.RESTARTABLE)
    look(state["connection"], "uid=person%d,ou=people,dc=example,dc=com" % (len(results) % 100))
    results.append({"server": state["connection"].server.name, "took": time.monotonic() - state["began"]})


def client():
    state = {}
    while not over.is_set():
        state["began"] = time.monotonic()
        try:
            {"open": opening, "search": searching}[what](state)
        except Exception as e:
            results.append({"error": type(e).__name__ + ": " + str(e)[:100], "took": time.monotonic() - state["began"]})
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
