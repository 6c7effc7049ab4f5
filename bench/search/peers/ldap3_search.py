"""Times searches with python ldap3.

Arguments: the number of runs, the server's URL. Prints, for each run, the
nanoseconds that reading all people takes, values formatted by the schema.
"""

import sys
import time

import ldap3

runs, url = int(sys.argv[1]), sys.argv[2]
connection = ldap3.Connection(ldap3.Server(url, get_info=ldap3.SCHEMA), auto_bind=True)
for _ in range(runs):
    begin = time.perf_counter_ns()
    connection.search(
        "ou=people,dc=example,dc=com", "(objectClass=posixAccount)", ldap3.LEVEL,
        attributes=["*", "createTimestamp", "entryUUID"],
    )
    entries = sum(1 for r in connection.response if r["attributes"])
    print(time.perf_counter_ns() - begin)
    if entries != 50_000:
        sys.exit("%d entries" % entries)
