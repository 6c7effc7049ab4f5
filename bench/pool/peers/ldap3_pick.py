"""Times the picks of python ldap3's ServerPool.

Arguments: the number of runs, the strategy, the number of servers. Prints, for
each run, the nanoseconds that 100,000 picks would take; it makes fewer. The pool
is not active, so that nothing is checked.
"""

import sys
import time

import ldap3

ONE, MADE = 100_000, 10_000

runs, strategy, servers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
pool = ldap3.ServerPool(
    [ldap3.Server("server%d.example.com" % i, get_info=ldap3.NONE) for i in range(servers)], strategy, active=False
)
connection = object()
pool.initialize(connection)
for _ in range(runs):
    begin = time.perf_counter_ns()
    for _ in range(MADE):
        pool.get_server(connection)
    print((time.perf_counter_ns() - begin) * ONE // MADE)
