"""Says what python ldap3's Server, Tls and parse_uri make of the vectors of this
project.

The argument is the kind: hosts, candidates, names or urls. Reads the file of vectors,
and writes what ldap3 makes of each.
"""

import ipaddress
import json
import socket
import sys

import ldap3
from ldap3.utils import tls_backport
from ldap3.utils.uri import parse_uri


def hosts(v):
    parameters = {k: v[k] for k in ("port", "use_ssl") if k in v}
    try:
        s = ldap3.Server(v["host"], get_info=ldap3.NONE, **parameters)
    except Exception as e:
        text = {"text": str(e)} if str(e) else {}
        return {"error": type(e).__name__, **text}
    return {"host": s.host, "port": s.port, "ssl": s.ssl, "name": s.name}


def candidates(v):
    """The addresses that are tried, with a resolver that gives v's answer."""

    def resolve(host, port, family=0, type=0, proto=0, flags=0):
        found = []
        for a in map(ipaddress.ip_address, v["answer"]):
            if a.version == 4 and family == socket.AF_INET6 and flags & socket.AI_V4MAPPED and len(v["answer"]) == 1:
                a = ipaddress.ip_address("::ffff:" + str(a))
            of = socket.AF_INET if a.version == 4 else socket.AF_INET6
            if family in (0, of):
                text = "::ffff:" + str(a.ipv4_mapped) if a.version == 6 and a.ipv4_mapped else str(a)
                found.append((of, socket.SOCK_STREAM, proto, "", (text, port)))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found

    socket.getaddrinfo = resolve
    s = ldap3.Server("dc1", get_info=ldap3.NONE, mode=v["mode"])
    for record in list(s.address_info):
        if record[4][0] in v.get("failed", ()):
            s.update_availability(record, False)
    return [record[4][0] for record in s.candidate_addresses()]


def names(v):
    """Whether a certificate is taken, by the match_hostname that ldap3 brings."""
    certificate = {"subject": ((("commonName", v.get("commonName", "")),),)}
    sans = [("DNS", n) for n in v.get("dns", ())] + [("IP Address", a) for a in v.get("addresses", ())]
    if sans:
        certificate["subjectAltName"] = tuple(sans)
    for name in [v["host"]] + v.get("validNames", []):
        if name == "*":
            return True
        try:
            tls_backport.match_hostname(certificate, name)
            return True
        except tls_backport.CertificateError:
            pass
    return False


def urls(v):
    return parse_uri(v["url"])


made = {"hosts": hosts, "candidates": candidates, "names": names, "urls": urls}[sys.argv[1]]
json.dump([made(v) for v in json.load(sys.stdin)], sys.stdout)
