"""Prints a digest of the entries that python ldap3 finds.

Arguments: the server's URL, the base and the filter of a search of one level. A
line for each value, DN, name and value in hexadecimal apart by tabs, sorted and
each ended by a newline, is what is digested by SHA-256.
"""

import hashlib
import sys

import ldap3

url, base, text = sys.argv[1:]
connection = ldap3.Connection(ldap3.Server(url, get_info=ldap3.SCHEMA), auto_bind=True)
connection.search(base, text, ldap3.LEVEL, attributes=["*", "createTimestamp", "entryUUID"])
lines = sorted(
    b"\t".join((e["dn"].encode(), name.encode(), v.hex().encode())) + b"\n"
    for e in connection.response
    for name, values in e["raw_attributes"].items()
    for v in values
)
print(len(connection.response), len(lines), hashlib.sha256(b"".join(lines)).hexdigest())
