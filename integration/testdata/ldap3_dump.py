# Reads schemas as ldap3's JSON, one on each line of standard input, and prints for each one line of JSON: what ldap3 makes
# of every single definition, and the schema as ldap3 writes it again.
import json
import sys

from ldap3.protocol import rfc4512

KINDS = {
    "attributeTypes": rfc4512.AttributeTypeInfo,
    "objectClasses": rfc4512.ObjectClassInfo,
    "ldapSyntaxes": rfc4512.LdapSyntaxInfo,
    "matchingRules": rfc4512.MatchingRuleInfo,
    "matchingRuleUse": rfc4512.MatchingRuleUseInfo,
    "dITContentRules": rfc4512.DitContentRuleInfo,
    "dITStructureRules": rfc4512.DitStructureRuleInfo,
    "nameForms": rfc4512.NameFormInfo,
}


def fields(kind, raw):
    try:
        parsed = kind.from_definition([raw])
    except Exception as error:
        return {"error": repr(error)}
    definition = list(parsed.values())[0]
    return {
        name: value
        for name, value in vars(definition).items()
        if name not in ("raw_definition", "mandatory_in", "optional_in", "substring")
    }


for line in sys.stdin:
    text = json.loads(line)
    raw = json.loads(text)["raw"]
    definitions = {}
    for attribute, kind in KINDS.items():
        values = [values for name, values in raw.items() if name.lower() == attribute.lower()]
        definitions[attribute] = [fields(kind, value) for value in (values[0] if values else [])]
    try:
        again = rfc4512.SchemaInfo.from_json(text).to_json()
    except Exception:
        again = None  # one bad definition, and ldap3 has no schema
    print(json.dumps({"definitions": definitions, "again": again}))
