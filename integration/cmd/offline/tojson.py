"""Writes the DsaInfo and the SchemaInfo of one of ldap3's offline schemas, as
ldap3 does, with a zero byte between them.

The arguments are the module that has them, and what their names begin with.
"""

import importlib
import sys

from ldap3.protocol.rfc4512 import DsaInfo, SchemaInfo

module = importlib.import_module("ldap3.protocol.schemas." + sys.argv[1])
info = DsaInfo.from_json(getattr(module, sys.argv[2] + "_dsa_info"))
schema = SchemaInfo.from_json(getattr(module, sys.argv[2] + "_schema"))
sys.stdout.buffer.write("\0".join([info.to_json(), schema.to_json()]).encode())
