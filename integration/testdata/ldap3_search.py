# Does searches with ldap3, each described by an object of the list on standard input, and prints for each a line of JSON: the
# entries with raw values as hexadecimal, or the name of the exception.
import json
import sys

from ldap3 import BASE, LEVEL, SUBTREE, Connection, Server
from ldap3.core.exceptions import LDAPException

job = json.load(sys.stdin)
server = Server(job["url"])
scopes = {"base": BASE, "one": LEVEL, "sub": SUBTREE}
for s in job["searches"]:
    connection = Connection(
        server, job["user"], job["password"], auto_bind=True, check_names=s["checkNames"], return_empty_attributes=s["empty"]
    )
    out = {"entries": [], "error": "", "result": 0}
    try:
        connection.search(s["base"], s["filter"], scopes[s["scope"]], attributes=s["attributes"] or ["*"], paged_size=s["page"] or None)
        out["result"] = connection.result["result"]
        for r in connection.response:
            if r["type"] == "searchResEntry":
                raw = {k: sorted(v.hex() for v in values or []) for k, values in r["raw_attributes"].items()}
                out["entries"].append({"dn": r["dn"], "raw": raw})
    except LDAPException as e:
        out["error"] = type(e).__name__
    connection.unbind()
    print(json.dumps(out))
