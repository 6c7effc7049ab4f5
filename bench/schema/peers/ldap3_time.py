# Times python ldap3 on a schema in its JSON format from standard input: prints, for each of the number of runs given, the
# nanoseconds that SchemaInfo.from_json takes less those of the JSON alone.
import json
import sys
import time

from ldap3.protocol.rfc4512 import SchemaInfo

text = sys.stdin.read()
for _ in range(int(sys.argv[1])):
    begin = time.perf_counter_ns()
    json.loads(text)
    middle = time.perf_counter_ns()
    SchemaInfo.from_json(text)
    end = time.perf_counter_ns()
    print((end - middle) - (middle - begin))
