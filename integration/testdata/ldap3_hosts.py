"""Says what python ldap3's Server makes of hosts.

Reads a JSON list of objects with host, port and use_ssl; writes a list of what
became of each.
"""

import json
import sys

import ldap3


def made(case):
    parameters = {k: case[k] for k in ("port", "use_ssl") if k in case}
    try:
        s = ldap3.Server(case["host"], get_info=ldap3.NONE, **parameters)
    except Exception as e:
        text = {"text": str(e)} if str(e) else {}
        return {"error": type(e).__name__, **text}
    return {"host": s.host, "port": s.port, "ssl": s.ssl, "name": s.name}


json.dump([made(case) for case in json.load(sys.stdin)], sys.stdout)
