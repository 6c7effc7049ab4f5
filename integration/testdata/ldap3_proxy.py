# Binds, searches for all below a base, once at once and once by pages, and prints who it is, and how many entries there
# are and the SHA-256 of them, in one line of JSON:
# ldap3_proxy.py URL DN PASSWORD CA-FILE BASE PAGE-SIZE ATTRIBUTE…
# With a CA-FILE it does StartTLS before it binds. Entries are rendered as LDIF that has every value in base64, with the
# attributes in the order of their names.
import hashlib
import json
import ssl
import sys
from base64 import b64encode

from ldap3 import AUTO_BIND_NO_TLS, AUTO_BIND_TLS_BEFORE_BIND, SUBTREE, Connection, Server, Tls

url, user, password, ca, base, size, *attributes = sys.argv[1:]


def digest(entries):
    h, n = hashlib.sha256(), 0
    for e in entries:
        h.update(b"dn: %s\n" % e["raw_dn"])
        for name, values in sorted(e["raw_attributes"].items()):
            for value in values:
                h.update(b"%s:: %s\n" % (name.encode(), b64encode(value)))
        h.update(b"\n")
        n += 1
    return {"entries": n, "sha256": h.hexdigest()}


def pages(c):
    # ldap3's own paged_search turns each page's order around.
    cookie = None
    while cookie != b"":
        c.search(base, "(objectClass=*)", SUBTREE, attributes=attributes, paged_size=int(size), paged_cookie=cookie)
        yield from c.response
        cookie = c.result["controls"]["1.2.840.113556.1.4.319"]["value"]["cookie"]


server = Server(url, get_info=None, tls=Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=ca) if ca else None)
with Connection(server, user, password, auto_bind=AUTO_BIND_TLS_BEFORE_BIND if ca else AUTO_BIND_NO_TLS) as c:
    whoami = c.extend.standard.who_am_i()
    c.search(base, "(objectClass=*)", SUBTREE, attributes=attributes)
    print(json.dumps({"whoAmI": whoami, "all": digest(c.response), "pages": digest(pages(c))}))
