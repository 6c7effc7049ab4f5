# Reads schema and root DSE of a live server with ldap3, and prints both as ldap3 writes them, in one line of JSON:
# ldap3_live.py URL [DN PASSWORD]
import json
import sys

from ldap3 import ALL, Connection, Server

server = Server(sys.argv[1], get_info=ALL)
user, password = (sys.argv[2:4] + [None, None])[:2]
with Connection(server, user, password, auto_bind=True):
    print(json.dumps({"schema": server.schema.to_json(), "info": server.info.to_json()}))
