"""Says what python ldap3 makes of LDAP URLs.

Reads a JSON list of objects with url; writes a list of what parse_uri returns.
"""

import json
import sys

from ldap3.utils.uri import parse_uri


def made(url):
    try:
        return parse_uri(url)
    except Exception as e:
        return {"error": type(e).__name__}


json.dump([made(case["url"]) for case in json.load(sys.stdin)], sys.stdout)
