// Written by the tests of the module's facade: what it answers, held against the types.
import type { Check, Converted, Definition, Difference, Effective, Finding, FrameInfo, Keys, MergedSummary, Summary } from "../src/types.js";

export const file = {
	"source": 1,
	"server": "",
	"url": "",
	"origin": {
		"kind": "file",
		"name": "mine",
		"format": "definitions",
		"saved": "2020-01-02T03:04:05Z"
	},
	"entry": "",
	"problems": [],
	"collections": [
		{
			"collection": "objectClasses",
			"definitions": [
				{
					"name": "top",
					"oid": "2.5.6.0",
					"kind": "ABSTRACT"
				},
				{
					"name": "person",
					"oid": "2.5.6.6",
					"kind": "STRUCTURAL",
					"sup": [
						0
					]
				},
				{
					"name": "device",
					"oid": "1.3",
					"kind": "STRUCTURAL",
					"sup": [
						0
					]
				}
			]
		},
		{
			"collection": "attributeTypes",
			"definitions": [
				{
					"name": "objectClass",
					"oid": "2.5.4.0",
					"usage": "userApplications"
				},
				{
					"name": "cn",
					"oid": "2.5.4.3",
					"usage": "userApplications"
				},
				{
					"name": "a",
					"oid": "1.1",
					"usage": "userApplications",
					"origin": [
						"o"
					]
				}
			]
		},
		{
			"collection": "matchingRules",
			"definitions": [
				{
					"name": "m",
					"oid": "2.5.13.2"
				}
			]
		},
		{
			"collection": "ldapSyntaxes",
			"definitions": []
		},
		{
			"collection": "matchingRuleUse",
			"definitions": [
				{
					"name": "m",
					"oid": "2.5.13.2"
				}
			]
		},
		{
			"collection": "dITContentRules",
			"definitions": [
				{
					"name": "rule",
					"oid": "2.5.6.6"
				}
			]
		},
		{
			"collection": "dITStructureRules",
			"definitions": [
				{
					"name": "sr",
					"oid": "1"
				}
			]
		},
		{
			"collection": "nameForms",
			"definitions": [
				{
					"name": "form",
					"oid": "1.4"
				}
			]
		}
	]
} satisfies Summary;

export const ruleUse = {
	"collection": "matchingRuleUse",
	"name": "m",
	"names": [
		"m"
	],
	"oid": "2.5.13.2",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 2.5.13.2 NAME 'm' APPLIES cn )",
	"shared": [],
	"problems": [],
	"ruleUse": {
		"rule": {
			"collection": "matchingRules",
			"name": "2.5.13.2",
			"known": true
		},
		"applies": [
			{
				"collection": "attributeTypes",
				"name": "cn",
				"known": true
			}
		]
	}
} satisfies Definition;

export const contentRule = {
	"collection": "dITContentRules",
	"name": "rule",
	"names": [
		"rule"
	],
	"oid": "2.5.6.6",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 2.5.6.6 NAME 'rule' NOT a )",
	"shared": [],
	"problems": [],
	"contentRule": {
		"class": {
			"collection": "objectClasses",
			"name": "person",
			"known": true
		},
		"aux": [],
		"must": [],
		"may": [],
		"not": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true
			}
		]
	}
} satisfies Definition;

export const structureRule = {
	"collection": "dITStructureRules",
	"name": "sr",
	"names": [
		"sr"
	],
	"oid": "1",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 1 NAME 'sr' FORM form )",
	"shared": [],
	"problems": [],
	"structureRule": {
		"form": {
			"collection": "nameForms",
			"name": "form",
			"known": true
		},
		"oc": {
			"collection": "objectClasses",
			"name": "person",
			"known": true
		},
		"sup": [],
		"subordinates": []
	}
} satisfies Definition;

export const nameForm = {
	"collection": "nameForms",
	"name": "form",
	"names": [
		"form"
	],
	"oid": "1.4",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 1.4 NAME 'form' OC person MUST cn )",
	"shared": [],
	"problems": [],
	"nameForm": {
		"oc": {
			"collection": "objectClasses",
			"name": "person",
			"known": true
		},
		"must": [
			{
				"collection": "attributeTypes",
				"name": "cn",
				"known": true
			}
		],
		"may": [],
		"structureRules": [
			{
				"collection": "dITStructureRules",
				"name": "sr",
				"known": true
			}
		]
	}
} satisfies Definition;

export const entry = {
	"classes": [
		{
			"collection": "objectClasses",
			"name": "person",
			"known": true
		},
		{
			"collection": "objectClasses",
			"name": "top",
			"known": true
		},
		{
			"collection": "objectClasses",
			"name": "device",
			"known": true
		}
	],
	"structural": {
		"collection": "objectClasses",
		"name": "person",
		"known": true
	},
	"contentRule": {
		"collection": "dITContentRules",
		"name": "rule",
		"known": true
	},
	"must": [
		{
			"collection": "attributeTypes",
			"name": "cn",
			"known": true,
			"from": {
				"collection": "objectClasses",
				"name": "person",
				"known": true
			},
			"singleValue": false,
			"noUserModification": false
		},
		{
			"collection": "attributeTypes",
			"name": "sn",
			"known": false,
			"from": {
				"collection": "objectClasses",
				"name": "person",
				"known": true
			},
			"singleValue": false,
			"noUserModification": false
		},
		{
			"collection": "attributeTypes",
			"name": "objectClass",
			"known": true,
			"from": {
				"collection": "objectClasses",
				"name": "top",
				"known": true
			},
			"singleValue": false,
			"noUserModification": false
		}
	],
	"may": [],
	"precluded": [
		{
			"collection": "attributeTypes",
			"name": "a",
			"known": true,
			"from": {
				"collection": "dITContentRules",
				"name": "rule",
				"known": true
			},
			"singleValue": false,
			"noUserModification": false
		}
	],
	"any": false,
	"problems": [
		{
			"code": "unknown-class",
			"definitions": [
				"nobody"
			],
			"message": "the schema does not define nobody"
		},
		{
			"code": "several-structural",
			"definitions": [
				"person",
				"device"
			],
			"message": "an entry has one chain of structural classes, and none of these is a superclass of the others: person, device"
		},
		{
			"code": "unknown-attribute",
			"definitions": [
				"sn"
			],
			"message": "the schema does not define what is required: sn"
		}
	]
} satisfies Effective;

export const info = {
	"attributes": [
		{
			"name": "currentTime",
			"raw": [
				"MjAyMDAxMDIwMzA0MDUuMFo="
			],
			"values": [
				{
					"kind": "time",
					"value": "2020-01-02T03:04:05.0Z"
				}
			],
			"single": false,
			"problems": []
		},
		{
			"name": "supportedControl",
			"raw": [
				"MS4yLjg0MC4xMTM1NTYuMS40LjMxOQ=="
			],
			"values": [
				{
					"kind": "text",
					"value": "1.2.840.113556.1.4.319"
				}
			],
			"single": false,
			"problems": []
		},
		{
			"name": "vendorName",
			"raw": [
				"dg=="
			],
			"values": [
				{
					"kind": "text",
					"value": "v"
				}
			],
			"single": false,
			"problems": []
		}
	],
	"altServers": [],
	"namingContexts": [],
	"controls": [
		{
			"oid": "1.2.840.113556.1.4.319",
			"kind": "Control",
			"names": [
				"Paged results"
			],
			"doc": "RFC2696"
		}
	],
	"extensions": [],
	"features": [],
	"ldapVersions": [],
	"saslMechanisms": [],
	"vendorName": [
		"v"
	],
	"vendorVersion": [],
	"subschemaEntry": []
} satisfies FrameInfo;

export const findings = {
	"findings": [
		{
			"code": "syntax-missing",
			"severity": "error",
			"collection": "attributeTypes",
			"definition": "objectClass",
			"oid": "2.5.4.0",
			"raw": "( 2.5.4.0 NAME 'objectClass' )",
			"field": "SYNTAX",
			"message": "the type has neither SYNTAX nor SUP"
		},
		{
			"code": "syntax-missing",
			"severity": "error",
			"collection": "attributeTypes",
			"definition": "cn",
			"oid": "2.5.4.3",
			"raw": "( 2.5.4.3 NAME 'cn' )",
			"field": "SYNTAX",
			"message": "the type has neither SYNTAX nor SUP"
		},
		{
			"code": "supertype-undefined",
			"severity": "error",
			"collection": "attributeTypes",
			"definition": "a",
			"oid": "1.1",
			"raw": "( 1.1 NAME 'a' SUP gone X-ORIGIN 'o' )",
			"field": "SUP",
			"message": "\"gone\" is not defined"
		},
		{
			"code": "attribute-undefined",
			"severity": "error",
			"collection": "objectClasses",
			"definition": "person",
			"oid": "2.5.6.6",
			"raw": "( 2.5.6.6 NAME 'person' SUP top MUST ( cn $ sn ) MAY a )",
			"field": "MUST",
			"message": "\"sn\" is not defined"
		},
		{
			"code": "collection-absent",
			"severity": "info",
			"collection": "ldapSyntaxes",
			"message": "the schema has no ldapSyntaxes; what refers to them is not checked"
		},
		{
			"code": "name-form-equality",
			"severity": "error",
			"collection": "nameForms",
			"definition": "form",
			"oid": "1.4",
			"raw": "( 1.4 NAME 'form' OC person MUST cn )",
			"field": "MUST",
			"message": "\"cn\" has no EQUALITY, and cannot be used for naming"
		}
	]
} satisfies { findings: Finding[] };

export const checks = [
	{
		"code": "attribute-undefined",
		"severity": "error",
		"description": "A list names an attribute type that the schema does not define."
	},
	{
		"code": "class-abstract-sup",
		"severity": "error",
		"description": "An abstract class derives from a structural or auxiliary one (RFC 4512 §2.4.1)."
	},
	{
		"code": "class-auxiliary-sup",
		"severity": "error",
		"description": "An auxiliary class derives from a structural one (RFC 4512 §2.4.3)."
	},
	{
		"code": "class-cycle",
		"severity": "error",
		"description": "A class is among its own superclasses."
	},
	{
		"code": "class-not-under-top",
		"severity": "warning",
		"description": "A structural class has superclasses, but top is not among them (RFC 4512 §2.4.2)."
	},
	{
		"code": "class-structural-chains",
		"severity": "warning",
		"description": "A class derives from structural classes of which none derives from the other, so that an entry has two chains (RFC 4512 §2.4.2)."
	},
	{
		"code": "class-structural-no-sup",
		"severity": "warning",
		"description": "A structural class other than top has no superclass (RFC 4512 §2.4.2)."
	},
	{
		"code": "class-structural-sup",
		"severity": "error",
		"description": "A structural class derives from an auxiliary one (RFC 4512 §2.4.2)."
	},
	{
		"code": "class-sup-multiple",
		"severity": "info",
		"description": "A class derives from several others directly, which some servers do not support."
	},
	{
		"code": "class-sup-redundant",
		"severity": "info",
		"description": "SUP names a class that another class in SUP derives from."
	},
	{
		"code": "class-tangle",
		"severity": "info",
		"description": "The classes inherit on so many ways that the checks of what they inherit were cut short."
	},
	{
		"code": "class-top-kind",
		"severity": "error",
		"description": "The class top is not abstract (RFC 4512 §2.4.1)."
	},
	{
		"code": "class-undefined",
		"severity": "error",
		"description": "A content rule or name form is for a class, or allows one, that the schema does not define."
	},
	{
		"code": "collection-absent",
		"severity": "info",
		"description": "The schema has no definition of a kind, so that references to it cannot be checked."
	},
	{
		"code": "collective-allowed",
		"severity": "warning",
		"description": "A class allows a collective attribute, which is for content rules to do (X.501)."
	},
	{
		"code": "collective-required",
		"severity": "error",
		"description": "A class or content rule requires, or a name form has, a collective attribute, which no entry holds itself (RFC 3671)."
	},
	{
		"code": "collective-single-value",
		"severity": "error",
		"description": "A collective attribute type is single-valued, though values of several subentries combine (RFC 3671 §1.2)."
	},
	{
		"code": "collective-sup",
		"severity": "error",
		"description": "An attribute type is not collective, but its supertype is (RFC 4512 §2.5.1)."
	},
	{
		"code": "collective-usage",
		"severity": "error",
		"description": "A collective attribute type is operational (RFC 4512 §4.1.2)."
	},
	{
		"code": "content-rule-aux-kind",
		"severity": "error",
		"description": "A content rule's AUX names a class that is not auxiliary (RFC 4512 §4.1.6)."
	},
	{
		"code": "content-rule-class-kind",
		"severity": "error",
		"description": "A content rule is for a class that is not structural (RFC 4512 §4.1.6)."
	},
	{
		"code": "content-rule-not-allowed",
		"severity": "error",
		"description": "A content rule precludes an attribute that it also allows."
	},
	{
		"code": "content-rule-not-needless",
		"severity": "info",
		"description": "A content rule precludes an attribute that neither its class nor its auxiliary classes allow."
	},
	{
		"code": "content-rule-not-required",
		"severity": "error",
		"description": "A content rule precludes an attribute that it, its class or one of its auxiliary classes requires."
	},
	{
		"code": "definition-hidden",
		"severity": "info",
		"description": "The schema names what the RFCs or slapd define, and does not list it, as servers need not."
	},
	{
		"code": "desc-empty",
		"severity": "warning",
		"description": "DESC is empty, which RFC 4512 §4.1 does not allow."
	},
	{
		"code": "equality-missing",
		"severity": "info",
		"description": "An attribute type has no EQUALITY, though its syntax has a rule for it: values cannot be compared, nor deleted one by one."
	},
	{
		"code": "equality-undefined",
		"severity": "error",
		"description": "EQUALITY names a matching rule that the schema does not define."
	},
	{
		"code": "extension-name",
		"severity": "warning",
		"description": "An extension's name has other characters than letters, hyphens and underscores after the X- (RFC 4512 §4.1)."
	},
	{
		"code": "extension-repeated",
		"severity": "warning",
		"description": "An extension is given twice."
	},
	{
		"code": "list-repeated",
		"severity": "warning",
		"description": "A list names the same thing more than once, be it by another name."
	},
	{
		"code": "matching-rule-no-syntax",
		"severity": "error",
		"description": "A matching rule has no SYNTAX (RFC 4512 §4.1.3)."
	},
	{
		"code": "matching-rule-undefined",
		"severity": "error",
		"description": "A matching rule use is for a rule that the schema does not define."
	},
	{
		"code": "matching-rules-unused",
		"severity": "info",
		"description": "No attribute type has some of the matching rules, and no matching rule use lists an attribute for them."
	},
	{
		"code": "may-required",
		"severity": "info",
		"description": "MAY names an attribute that a superclass requires; it stays required."
	},
	{
		"code": "must-and-may",
		"severity": "warning",
		"description": "An attribute is in MUST and in MAY of one definition; it is required."
	},
	{
		"code": "must-required",
		"severity": "info",
		"description": "MUST names an attribute that a superclass requires already."
	},
	{
		"code": "name-character",
		"severity": "error",
		"description": "A name has a character other than a letter, digit or hyphen (RFC 4512 §1.4); underscores have a check of their own."
	},
	{
		"code": "name-duplicate",
		"severity": "error",
		"description": "A name belongs to an earlier definition of the same kind, which hides this one."
	},
	{
		"code": "name-empty",
		"severity": "error",
		"description": "A name is empty."
	},
	{
		"code": "name-form-attribute",
		"severity": "error",
		"description": "A name form names entries by an attribute that neither its class nor a content rule of that nor any auxiliary class allows (RFC 4512 §4.1.7.2)."
	},
	{
		"code": "name-form-class-kind",
		"severity": "error",
		"description": "A name form is for a class that is not structural (RFC 4512 §4.1.7.2)."
	},
	{
		"code": "name-form-equality",
		"severity": "error",
		"description": "A name form names entries by an attribute without an equality rule, which cannot be used for naming (RFC 4512 §2.5.1)."
	},
	{
		"code": "name-form-no-class",
		"severity": "error",
		"description": "A name form has no OC (RFC 4512 §4.1.7.2)."
	},
	{
		"code": "name-form-no-must",
		"severity": "error",
		"description": "A name form has no MUST (RFC 4512 §4.1.7.2)."
	},
	{
		"code": "name-form-undefined",
		"severity": "error",
		"description": "A structure rule's FORM is a name form that the schema does not define."
	},
	{
		"code": "name-initial",
		"severity": "error",
		"description": "A name does not begin with a letter (RFC 4512 §1.4)."
	},
	{
		"code": "name-missing",
		"severity": "warning",
		"description": "An attribute type or object class has no name, only an OID."
	},
	{
		"code": "name-repeated",
		"severity": "warning",
		"description": "A definition has the same name twice."
	},
	{
		"code": "name-underscore",
		"severity": "warning",
		"description": "A name has an underscore, which RFC 4512 §1.4 does not allow, though many servers do."
	},
	{
		"code": "no-user-modification-usage",
		"severity": "warning",
		"description": "An attribute type is NO-USER-MODIFICATION, but not operational (RFC 4512 §4.1.2)."
	},
	{
		"code": "obsolete-used",
		"severity": "warning",
		"description": "A definition that is not obsolete requires, allows or builds upon one that is."
	},
	{
		"code": "oid-descriptor",
		"severity": "warning",
		"description": "A definition has a descriptor in place of a numeric OID, other than its own name with -oid."
	},
	{
		"code": "oid-duplicate",
		"severity": "error",
		"description": "An OID belongs to an earlier definition of the same kind, which hides this one."
	},
	{
		"code": "oid-from-name",
		"severity": "info",
		"description": "Definitions have their name with -oid in place of a numeric OID, as 389 Directory Server and its kin have it."
	},
	{
		"code": "oid-illegal",
		"severity": "error",
		"description": "An OID is neither numeric, with arcs that can be (X.660), nor a descriptor."
	},
	{
		"code": "oid-missing",
		"severity": "error",
		"description": "A definition has no OID."
	},
	{
		"code": "oid-other-kind",
		"severity": "error",
		"description": "An OID belongs to a definition of another kind."
	},
	{
		"code": "ordering-undefined",
		"severity": "error",
		"description": "ORDERING names a matching rule that the schema does not define."
	},
	{
		"code": "parse-keyword",
		"severity": "warning",
		"description": "A definition has a keyword that RFC 4512 does not know for its kind."
	},
	{
		"code": "parse-quote",
		"severity": "warning",
		"description": "An apostrophe in a string is not escaped as \\27 (RFC 4512 §4.1)."
	},
	{
		"code": "parse-repeated",
		"severity": "warning",
		"description": "A definition has a field twice."
	},
	{
		"code": "parse-syntax",
		"severity": "error",
		"description": "A value is not a definition and was left out."
	},
	{
		"code": "parse-value",
		"severity": "warning",
		"description": "A field has a value that it cannot have."
	},
	{
		"code": "rule-place",
		"severity": "warning",
		"description": "A standard matching rule stands where another kind belongs, such as an equality rule in ORDERING (RFC 4517 §4)."
	},
	{
		"code": "rule-syntax",
		"severity": "warning",
		"description": "A standard matching rule does not fit the attribute type's syntax (RFC 4517 §4)."
	},
	{
		"code": "rule-use-empty",
		"severity": "error",
		"description": "A matching rule use applies to nothing (RFC 4512 §4.1.4)."
	},
	{
		"code": "rule-use-incomplete",
		"severity": "info",
		"description": "A matching rule use does not list attribute types that have the rule themselves."
	},
	{
		"code": "rule-use-syntax",
		"severity": "warning",
		"description": "A matching rule use lists attribute types whose syntax its standard rule does not fit (RFC 4517 §4)."
	},
	{
		"code": "rule-without-equality",
		"severity": "warning",
		"description": "An attribute type has ORDERING or SUBSTR, but no EQUALITY, of its own or inherited."
	},
	{
		"code": "structure-rule-cycle",
		"severity": "warning",
		"description": "Structure rules are superior to one another, but to none of them leads a rule without SUP, so that no entry can come under them."
	},
	{
		"code": "structure-rule-duplicate",
		"severity": "error",
		"description": "A structure rule has the number of an earlier one, which hides it."
	},
	{
		"code": "structure-rule-no-form",
		"severity": "error",
		"description": "A structure rule has no FORM (RFC 4512 §4.1.7.1)."
	},
	{
		"code": "structure-rule-number",
		"severity": "error",
		"description": "A structure rule's number is not a number (RFC 4512 §4.1.7.1)."
	},
	{
		"code": "substr-undefined",
		"severity": "error",
		"description": "SUBSTR names a matching rule that the schema does not define."
	},
	{
		"code": "superclass-undefined",
		"severity": "error",
		"description": "SUP names an object class that the schema does not define."
	},
	{
		"code": "superior-rule-undefined",
		"severity": "error",
		"description": "SUP has the number of a structure rule that the schema does not define."
	},
	{
		"code": "supertype-cycle",
		"severity": "error",
		"description": "An attribute type is among its own supertypes."
	},
	{
		"code": "supertype-undefined",
		"severity": "error",
		"description": "SUP names an attribute type that the schema does not define."
	},
	{
		"code": "syntax-differs",
		"severity": "warning",
		"description": "An attribute type's syntax is not its supertype's and no known refinement of it (RFC 4512 §2.5.1)."
	},
	{
		"code": "syntax-missing",
		"severity": "error",
		"description": "An attribute type has neither SYNTAX nor SUP (RFC 4512 §4.1.2)."
	},
	{
		"code": "syntax-not-oid",
		"severity": "error",
		"description": "SYNTAX is not a numeric OID (RFC 4512 §4.1.2)."
	},
	{
		"code": "syntax-undefined",
		"severity": "error",
		"description": "SYNTAX is one that the schema does not define."
	},
	{
		"code": "syntaxes-unused",
		"severity": "info",
		"description": "No attribute type and no matching rule has some of the syntaxes."
	},
	{
		"code": "text-not-utf8",
		"severity": "warning",
		"description": "A definition is not UTF-8."
	},
	{
		"code": "usage-differs",
		"severity": "error",
		"description": "An attribute type's usage is not its supertype's (RFC 4512 §2.5.1)."
	}
] satisfies Check[];

export const difference = {
	"summary": {
		"added": 1,
		"removed": 9,
		"changed": 1,
		"breaking": 9,
		"compatible": 2,
		"cosmetic": 0
	},
	"collections": [
		{
			"name": "attributeTypes",
			"added": [],
			"removed": [
				{
					"name": "objectClass",
					"oid": "2.5.4.0",
					"raw": "( 2.5.4.0 NAME 'objectClass' )",
					"effect": "breaking",
					"reason": "entries with the attribute violate the schema, and filters with it match nothing"
				},
				{
					"name": "a",
					"oid": "1.1",
					"raw": "( 1.1 NAME 'a' SUP gone X-ORIGIN 'o' )",
					"effect": "breaking",
					"reason": "entries with the attribute violate the schema, and filters with it match nothing"
				}
			],
			"changed": [
				{
					"name": "cn",
					"oid": "2.5.4.3",
					"rawFrom": "( 2.5.4.3 NAME 'cn' )",
					"rawTo": "( 2.5.4.3 NAME 'cn' SINGLE-VALUE )",
					"effect": "breaking",
					"changes": [
						{
							"field": "singleValue",
							"kind": "added",
							"from": [],
							"to": [
								"true"
							],
							"effect": "breaking",
							"reason": "entries with several values violate the schema"
						}
					]
				}
			]
		},
		{
			"name": "objectClasses",
			"added": [
				{
					"name": "new",
					"oid": "1.5",
					"raw": "( 1.5 NAME 'new' )",
					"effect": "compatible",
					"reason": "no entry has the class yet"
				}
			],
			"removed": [
				{
					"name": "top",
					"oid": "2.5.6.0",
					"raw": "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
					"effect": "breaking",
					"reason": "entries with the class violate the schema, and so do attributes that only it allows"
				},
				{
					"name": "person",
					"oid": "2.5.6.6",
					"raw": "( 2.5.6.6 NAME 'person' SUP top MUST ( cn $ sn ) MAY a )",
					"effect": "breaking",
					"reason": "entries with the class violate the schema, and so do attributes that only it allows"
				}
			],
			"changed": []
		},
		{
			"name": "matchingRules",
			"added": [],
			"removed": [
				{
					"name": "m",
					"oid": "2.5.13.2",
					"raw": "( 2.5.13.2 NAME 'm' SYNTAX 1.9 )",
					"effect": "breaking",
					"reason": "filters with the rule match nothing, and attribute types with it are no longer defined in full"
				}
			],
			"changed": []
		},
		{
			"name": "matchingRuleUse",
			"added": [],
			"removed": [
				{
					"name": "m",
					"oid": "2.5.13.2",
					"raw": "( 2.5.13.2 NAME 'm' APPLIES cn )",
					"effect": "breaking",
					"reason": "extensible filters that apply the rule may match nothing"
				}
			],
			"changed": []
		},
		{
			"name": "dITContentRules",
			"added": [],
			"removed": [
				{
					"name": "rule",
					"oid": "2.5.6.6",
					"raw": "( 2.5.6.6 NAME 'rule' NOT a )",
					"effect": "breaking",
					"reason": "entries of the class may have what only the rule allowed"
				}
			],
			"changed": []
		},
		{
			"name": "dITStructureRules",
			"added": [],
			"removed": [
				{
					"name": "sr",
					"oid": "1",
					"raw": "( 1 NAME 'sr' FORM form )",
					"effect": "compatible",
					"reason": "the tree has no rules, and entries may be anywhere"
				}
			],
			"changed": []
		},
		{
			"name": "nameForms",
			"added": [],
			"removed": [
				{
					"name": "form",
					"oid": "1.4",
					"raw": "( 1.4 NAME 'form' OC person MUST cn )",
					"effect": "breaking",
					"reason": "entries named by the form violate the schema, if a structure rule had it"
				}
			],
			"changed": []
		}
	]
} satisfies Difference;

export const converted = {
	"text": "attributetype ( 2.5.4.0\n\tNAME 'objectClass' )\n\nattributetype ( 2.5.4.3\n\tNAME 'cn' )\n\nattributetype ( 1.1\n\tNAME 'a'\n\tSUP gone\n\tX-ORIGIN 'o' )\n\nobjectclass ( 2.5.6.0\n\tNAME 'top'\n\tABSTRACT\n\tMUST objectClass )\n\nobjectclass ( 2.5.6.6\n\tNAME 'person'\n\tSUP top\n\tMUST ( cn $ sn )\n\tMAY a )\n\nobjectclass ( 1.3\n\tNAME 'device'\n\tSUP top )\n\nditcontentrule ( 2.5.6.6\n\tNAME 'rule'\n\tNOT a )\n",
	"needed": [],
	"changes": []
} satisfies Converted;

export const merged = {
	"source": 3,
	"server": "",
	"url": "",
	"origin": {
		"kind": "file",
		"name": "both",
		"saved": "2020-01-02T03:04:05Z"
	},
	"entry": "",
	"problems": [],
	"collections": [
		{
			"collection": "objectClasses",
			"definitions": [
				{
					"name": "top",
					"oid": "2.5.6.0",
					"kind": "ABSTRACT"
				},
				{
					"name": "person",
					"oid": "2.5.6.6",
					"kind": "STRUCTURAL",
					"sup": [
						0
					]
				},
				{
					"name": "device",
					"oid": "1.3",
					"kind": "STRUCTURAL",
					"sup": [
						0
					]
				},
				{
					"name": "new",
					"oid": "1.5",
					"kind": "STRUCTURAL"
				}
			]
		},
		{
			"collection": "attributeTypes",
			"definitions": [
				{
					"name": "objectClass",
					"oid": "2.5.4.0",
					"usage": "userApplications"
				},
				{
					"name": "cn",
					"oid": "2.5.4.3",
					"usage": "userApplications"
				},
				{
					"name": "a",
					"oid": "1.1",
					"usage": "userApplications",
					"origin": [
						"o"
					]
				}
			]
		},
		{
			"collection": "matchingRules",
			"definitions": [
				{
					"name": "m",
					"oid": "2.5.13.2"
				}
			]
		},
		{
			"collection": "ldapSyntaxes",
			"definitions": []
		},
		{
			"collection": "matchingRuleUse",
			"definitions": [
				{
					"name": "m",
					"oid": "2.5.13.2"
				}
			]
		},
		{
			"collection": "dITContentRules",
			"definitions": [
				{
					"name": "rule",
					"oid": "2.5.6.6"
				}
			]
		},
		{
			"collection": "dITStructureRules",
			"definitions": [
				{
					"name": "sr",
					"oid": "1"
				}
			]
		},
		{
			"collection": "nameForms",
			"definitions": [
				{
					"name": "form",
					"oid": "1.4"
				}
			]
		}
	],
	"merged": [
		{
			"collection": "attributeTypes",
			"replaced": [
				"cn"
			],
			"added": []
		},
		{
			"collection": "objectClasses",
			"replaced": [],
			"added": [
				"new"
			]
		}
	]
} satisfies MergedSummary;

export const keys = {
	"keys": [
		"cn",
		"cn",
		"2.5.4.3",
		"cn",
		"cn",
		"commonname",
		""
	],
	"single": false
} satisfies Keys;
