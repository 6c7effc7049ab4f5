# Reads JSON objects, one on each line of standard input, and prints for each one line of JSON: what Samba makes of a security
# descriptor. In: {"sddl", "domain"} or {"hex", "domain"}. Out: {"hex", "sddl"} or {"error"}.
import json
import sys

from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack


def answer(question):
    domain = security.dom_sid(question["domain"])
    try:
        if "sddl" in question:
            descriptor = security.descriptor.from_sddl(question["sddl"], domain)
        else:
            descriptor = ndr_unpack(security.descriptor, bytes.fromhex(question["hex"]))
        return {"hex": ndr_pack(descriptor).hex(), "sddl": descriptor.as_sddl(domain)}
    except Exception as error:
        return {"error": repr(error)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
