// Written by the tests of the module's facade: what it answers, held against the types.
import type { Definition, Failure, Hits, Progress, Summary } from "../src/types.js";

export const summary = {
	"source": 1,
	"server": "demo",
	"url": "ldap://127.0.0.1:389",
	"entry": "cn=Subschema",
	"collections": [
		{
			"collection": "objectClasses",
			"definitions": [
				{
					"name": "top",
					"oid": "2.5.6.0",
					"desc": "Root of all object classes",
					"kind": "ABSTRACT"
				},
				{
					"name": "alias",
					"oid": "2.5.6.1",
					"desc": "Other name of an entry",
					"kind": "STRUCTURAL"
				},
				{
					"name": "subschema",
					"oid": "2.5.20.1",
					"desc": "Publishes schema definitions",
					"kind": "AUXILIARY"
				}
			]
		},
		{
			"collection": "attributeTypes",
			"definitions": [
				{
					"name": "objectClass",
					"oid": "2.5.4.0",
					"desc": "The kinds of object that the entry is",
					"usage": "userApplications"
				},
				{
					"name": "aliasedObjectName",
					"oid": "2.5.4.1",
					"desc": "Entry that an alias stands for",
					"usage": "userApplications"
				},
				{
					"name": "createTimestamp",
					"oid": "2.5.18.1",
					"desc": "When the entry was added",
					"usage": "directoryOperation"
				}
			]
		},
		{
			"collection": "matchingRules",
			"definitions": [
				{
					"name": "objectIdentifierMatch",
					"oid": "2.5.13.0"
				},
				{
					"name": "distinguishedNameMatch",
					"oid": "2.5.13.1"
				},
				{
					"name": "caseIgnoreMatch",
					"oid": "2.5.13.2"
				}
			]
		},
		{
			"collection": "ldapSyntaxes",
			"definitions": [
				{
					"name": "1.3.6.1.4.1.1466.115.121.1.3",
					"oid": "1.3.6.1.4.1.1466.115.121.1.3",
					"desc": "Attribute Type Description"
				},
				{
					"name": "1.3.6.1.4.1.1466.115.121.1.6",
					"oid": "1.3.6.1.4.1.1466.115.121.1.6",
					"desc": "Bit String"
				},
				{
					"name": "1.3.6.1.4.1.1466.115.121.1.7",
					"oid": "1.3.6.1.4.1.1466.115.121.1.7",
					"desc": "Boolean"
				}
			]
		}
	],
	"problems": [
		{
			"code": "syntax",
			"collection": "attributeTypes",
			"text": "( 1.1 NAME 'a'",
			"offset": 14,
			"message": "the closing \")\" is missing"
		}
	]
} satisfies Summary;

export const objectClass = {
	"collection": "objectClasses",
	"name": "person",
	"names": [
		"person"
	],
	"oid": "2.5.6.6",
	"desc": "Human being",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 2.5.6.6 NAME 'person' DESC 'Human being' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ telephoneNumber $ seeAlso $ description ) )",
	"class": {
		"kind": "STRUCTURAL",
		"sup": [
			{
				"collection": "objectClasses",
				"name": "top",
				"desc": "Root of all object classes",
				"known": true
			}
		],
		"superclasses": [
			{
				"collection": "objectClasses",
				"name": "top",
				"desc": "Root of all object classes",
				"known": true
			}
		],
		"subclasses": [
			{
				"collection": "objectClasses",
				"name": "organizationalPerson",
				"desc": "Person as part of an organization",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "residentialPerson",
				"desc": "Person at the place of residence",
				"known": true
			}
		],
		"must": [
			{
				"collection": "attributeTypes",
				"name": "sn",
				"desc": "Surname",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "cn",
				"desc": "Common name: for a person, usually the full name",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "objectClass",
				"desc": "The kinds of object that the entry is",
				"known": true,
				"from": {
					"collection": "objectClasses",
					"name": "top",
					"desc": "Root of all object classes",
					"known": true
				}
			}
		],
		"may": [
			{
				"collection": "attributeTypes",
				"name": "userPassword",
				"desc": "Password, or a hash of it",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "telephoneNumber",
				"desc": "Telephone number according to E.123",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "seeAlso",
				"desc": "Entry that is worth a look as well",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "description",
				"desc": "Free text that says what the object is",
				"known": true
			}
		]
	}
} satisfies Definition;

export const attributeType = {
	"collection": "attributeTypes",
	"name": "cn",
	"names": [
		"cn"
	],
	"oid": "2.5.4.3",
	"desc": "Common name: for a person, usually the full name",
	"obsolete": false,
	"defaulted": [
		"usage"
	],
	"extensions": [],
	"raw": "( 2.5.4.3 NAME 'cn' DESC 'Common name: for a person, usually the full name' SUP name )",
	"attribute": {
		"sup": {
			"collection": "attributeTypes",
			"name": "name",
			"desc": "Supertype of attributes that name things",
			"known": true
		},
		"supertypes": [
			{
				"collection": "attributeTypes",
				"name": "name",
				"desc": "Supertype of attributes that name things",
				"known": true
			}
		],
		"syntax": {
			"collection": "ldapSyntaxes",
			"name": "1.3.6.1.4.1.1466.115.121.1.15",
			"desc": "Directory String",
			"known": true,
			"from": {
				"collection": "attributeTypes",
				"name": "name",
				"desc": "Supertype of attributes that name things",
				"known": true
			}
		},
		"equality": {
			"collection": "matchingRules",
			"name": "caseIgnoreMatch",
			"known": true,
			"from": {
				"collection": "attributeTypes",
				"name": "name",
				"desc": "Supertype of attributes that name things",
				"known": true
			}
		},
		"substr": {
			"collection": "matchingRules",
			"name": "caseIgnoreSubstringsMatch",
			"known": true,
			"from": {
				"collection": "attributeTypes",
				"name": "name",
				"desc": "Supertype of attributes that name things",
				"known": true
			}
		},
		"singleValue": false,
		"collective": false,
		"noUserModification": false,
		"usage": "userApplications"
	}
} satisfies Definition;

export const operational = {
	"collection": "attributeTypes",
	"name": "createTimestamp",
	"names": [
		"createTimestamp"
	],
	"oid": "2.5.18.1",
	"desc": "When the entry was added",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 2.5.18.1 NAME 'createTimestamp' DESC 'When the entry was added' EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )",
	"attribute": {
		"supertypes": [],
		"syntax": {
			"collection": "ldapSyntaxes",
			"name": "1.3.6.1.4.1.1466.115.121.1.24",
			"desc": "Generalized Time",
			"known": true
		},
		"equality": {
			"collection": "matchingRules",
			"name": "generalizedTimeMatch",
			"known": true
		},
		"ordering": {
			"collection": "matchingRules",
			"name": "generalizedTimeOrderingMatch",
			"known": true
		},
		"singleValue": true,
		"collective": false,
		"noUserModification": true,
		"usage": "directoryOperation"
	}
} satisfies Definition;

export const matchingRule = {
	"collection": "matchingRules",
	"name": "caseIgnoreMatch",
	"names": [
		"caseIgnoreMatch"
	],
	"oid": "2.5.13.2",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
	"rule": {
		"syntax": {
			"collection": "ldapSyntaxes",
			"name": "1.3.6.1.4.1.1466.115.121.1.15",
			"desc": "Directory String",
			"known": true
		}
	}
} satisfies Definition;

export const ldapSyntax = {
	"collection": "ldapSyntaxes",
	"name": "1.3.6.1.4.1.1466.115.121.1.15",
	"names": [],
	"oid": "1.3.6.1.4.1.1466.115.121.1.15",
	"desc": "Directory String",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )"
} satisfies Definition;

export const hits = {
	"hits": [
		{
			"collection": "attributeTypes",
			"name": "cn",
			"oid": "2.5.4.3",
			"desc": "Common name: for a person, usually the full name",
			"usage": "userApplications"
		}
	],
	"total": 1
} satisfies Hits;

export const failure = {
	"code": "server-unreachable",
	"where": "dc1",
	"cause": "connection refused"
} satisfies Failure;

export const progress = {
	"stage": "connecting",
	"where": "dc1"
} satisfies Progress;
