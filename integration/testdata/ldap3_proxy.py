# Binds, searches for all below a base, once at once and once by pages, and prints how many entries there are and a
# digest of them, in one line of JSON: ldap3_proxy.py URL DN PASSWORD BASE PAGE-SIZE
import hashlib
import json
import sys

from ldap3 import ALL_ATTRIBUTES, SUBTREE, Connection, Server

url, user, password, base, size = sys.argv[1:]


def digest(entries):
    h, n = hashlib.sha256(), 0
    for e in entries:
        h.update(repr((e["raw_dn"], sorted(e["raw_attributes"].items()))).encode())
        n += 1
    return [n, h.hexdigest()]


with Connection(Server(url, get_info=None), user, password, auto_bind=True) as c:
    whoami = c.extend.standard.who_am_i()
    c.search(base, "(objectClass=*)", SUBTREE, attributes=ALL_ATTRIBUTES)
    all = digest(c.response)
    pages = c.extend.standard.paged_search(base, "(objectClass=*)", SUBTREE, attributes=ALL_ATTRIBUTES, paged_size=int(size), generator=True)
    print(json.dumps({"whoami": whoami, "all": all, "pages": digest(pages)}))
