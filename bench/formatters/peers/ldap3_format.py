# Times python ldap3's formatters on the values of bench/formatters, from standard input: prints, for each of the number of
# runs given, the nanoseconds of the processor that all values take. To standard error goes, for each attribute, what one of its values takes
# among its like.
import sys
import time

from ldap3.protocol.formatters.standard import find_attribute_helpers
from ldap3.protocol.rfc4512 import SchemaInfo


def part(data):
    end = 4 + int.from_bytes(data[:4], "big")
    return data[4:end].decode(), data[end:]


text, data = part(sys.stdin.buffer.read())
schema = SchemaInfo.from_json(text)
listed, data = part(data)
names = listed.split("\n")
formatters = [find_attribute_helpers(schema.attribute_types[name], name, None)[0] for name in names]
values = []
like = [[] for _ in names]
at = 0
while at < len(data):
    end = at + 3 + int.from_bytes(data[at + 1 : at + 3], "big")
    value = (formatters[data[at]], data[at + 3 : end])
    values.append(value)
    like[data[at]].append(value)
    at = end


def elapsed(values):
    begin = time.process_time_ns()
    for formatter, value in values:
        formatter(value)
    return time.process_time_ns() - begin


for _ in range(int(sys.argv[1])):
    print(elapsed(values))
for values in like:
    print(elapsed(values) / len(values), file=sys.stderr)
