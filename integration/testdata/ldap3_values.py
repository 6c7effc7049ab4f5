# Reads entries of a live server with ldap3, typed by the server's schema. Standard input has one object of JSON: url, user,
# password, and searches, a list of base, scope (BASE, SUBTREE), class, attributes, and paged. Prints a line of JSON
# for each attribute of each entry: the search's number, dn, attribute, raw (values in base64), single (whether ldap3 gives
# the bare value), values, each with its type, and error, where ldap3 raises one out of the search.
import base64
import datetime
import json
import sys

from ldap3 import ALL, Connection, Server
from ldap3.protocol.formatters.standard import format_attribute_values

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)


def typed(value):
    if isinstance(value, bool):
        return {"type": "bool", "value": str(value)}
    if isinstance(value, int):
        return {"type": "int", "value": str(value)}
    if isinstance(value, str):
        return {"type": "str", "value": value}
    if isinstance(value, bytes):
        return {"type": "bytes", "value": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        offset = value.utcoffset()
        if offset is None:
            return {"type": "naive datetime", "value": str(value)}
        return {"type": "datetime", "value": str((value - EPOCH) // MICROSECOND), "offset": offset // datetime.timedelta(minutes=1)}
    if isinstance(value, datetime.timedelta):
        return {"type": "timedelta", "value": str(value // MICROSECOND)}
    return {"type": type(value).__name__, "value": repr(value)}


def entries(connection, search):
    arguments = dict(
        search_base=search["base"],
        search_filter=f"(objectClass={search['class']})",
        search_scope=search["scope"],
        attributes=search["attributes"],
    )
    if search["paged"]:
        found = connection.extend.standard.paged_search(paged_size=500, generator=False, **arguments)
    else:
        connection.search(**arguments)
        found = connection.response
    if connection.result["result"] != 0:
        raise SystemExit(f"{search}: {connection.result}")
    return [entry for entry in found if entry["type"] == "searchResEntry"]


def formatted(schema, name, raw):
    """What ldap3 makes of an attribute in a search that it fails for another's sake."""
    try:
        return format_attribute_values(schema, name, raw, None), None
    except Exception as error:
        return [], type(error).__name__


def main():
    job = json.load(sys.stdin)
    server = Server(job["url"], get_info=ALL)

    def connect(check_names):
        return Connection(
            server,
            job["user"] or None,
            job["password"] or None,
            auto_bind=True,
            check_names=check_names,
            auto_range=False,
            return_empty_attributes=False,
        )

    connection, plain = connect(True), connect(False)
    for number, search in enumerate(job["searches"]):
        failed = None
        try:
            found = entries(connection, search)
        except (TypeError, ValueError, OverflowError) as error:
            failed = type(error).__name__
            found = entries(plain, search)
        raised = set()
        for entry in found:
            for name, raw in entry["raw_attributes"].items():
                raw = raw or []  # None where an attribute came without values
                error = None
                if failed:
                    values, error = formatted(server.schema, name, raw)
                    raised.add(error)
                else:
                    values = entry["attributes"][name] if raw else []
                single = not isinstance(values, list)
                line = {
                    "search": number,
                    "dn": entry["dn"],
                    "attribute": name,
                    "raw": [base64.b64encode(value).decode() for value in raw],
                    "single": single,
                    "values": [typed(value) for value in ([values] if single else values)],
                    "error": error or "",
                }
                print(json.dumps(line))
        if failed and failed not in raised:
            raise SystemExit(f"{search}: {failed} from none of the attributes")


main()
