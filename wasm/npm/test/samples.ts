// Written by the tests of the module's facade: what it answers, held against the types.
import type { CollectionList, Definition, Failure, FrameHits, FrameValues, Progress, Summary } from "../src/types.js";

export const summary = {
	"source": 1,
	"server": "demo",
	"url": "ldap://127.0.0.1:389",
	"origin": {
		"kind": "live",
		"name": "demo",
		"modified": "2024-07-08T09:30:00Z"
	},
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
					"kind": "STRUCTURAL",
					"sup": [
						0
					]
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
					"usage": "directoryOperation",
					"unused": true
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
		},
		{
			"collection": "matchingRuleUse",
			"definitions": []
		},
		{
			"collection": "dITContentRules",
			"definitions": []
		},
		{
			"collection": "dITStructureRules",
			"definitions": []
		},
		{
			"collection": "nameForms",
			"definitions": []
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
	"shared": [],
	"problems": [],
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
		],
		"auxiliaryIn": [],
		"nameForms": [],
		"structureRules": []
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
	"shared": [],
	"problems": [],
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
		"subtypes": [],
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
		"usage": "userApplications",
		"requiredBy": [
			{
				"collection": "objectClasses",
				"name": "subentry",
				"desc": "Administrative information on a subtree",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "applicationProcess",
				"desc": "Application that runs on a computer",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "device",
				"desc": "Appliance, computer or other piece of equipment",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "groupOfNames",
				"desc": "Group of entries, at least one",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "groupOfUniqueNames",
				"desc": "Group of entries whose names are never given anew",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "person",
				"desc": "Human being",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "organizationalRole",
				"desc": "Position or function in an organization",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "documentSeries",
				"desc": "Series of documents",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "room",
				"desc": "Room",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "organizationalPerson",
				"desc": "Person as part of an organization",
				"known": true,
				"from": {
					"collection": "objectClasses",
					"name": "person",
					"desc": "Human being",
					"known": true
				}
			},
			{
				"collection": "objectClasses",
				"name": "residentialPerson",
				"desc": "Person at the place of residence",
				"known": true,
				"from": {
					"collection": "objectClasses",
					"name": "person",
					"desc": "Human being",
					"known": true
				}
			},
			{
				"collection": "objectClasses",
				"name": "inetOrgPerson",
				"desc": "Person of an organization on the Internet",
				"known": true,
				"from": {
					"collection": "objectClasses",
					"name": "person",
					"desc": "Human being",
					"known": true
				}
			}
		],
		"allowedBy": [
			{
				"collection": "objectClasses",
				"name": "document",
				"desc": "Document",
				"known": true
			},
			{
				"collection": "objectClasses",
				"name": "rFC822localPart",
				"desc": "What stands before the at sign of a mail address",
				"known": true
			}
		],
		"rules": []
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
	"shared": [],
	"problems": [],
	"attribute": {
		"supertypes": [],
		"subtypes": [],
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
		"usage": "directoryOperation",
		"requiredBy": [],
		"allowedBy": [],
		"rules": []
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
	"shared": [],
	"problems": [],
	"rule": {
		"syntax": {
			"collection": "ldapSyntaxes",
			"name": "1.3.6.1.4.1.1466.115.121.1.15",
			"desc": "Directory String",
			"known": true
		},
		"equality": [
			{
				"collection": "attributeTypes",
				"name": "name",
				"desc": "Supertype of attributes that name things",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "businessCategory",
				"desc": "Line of business",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "description",
				"desc": "Free text that says what the object is",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "destinationIndicator",
				"desc": "Country and city code for public telegrams",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "dnQualifier",
				"desc": "Keeps apart entries of like name from different sources",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "houseIdentifier",
				"desc": "Name or number of a building at its site",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "physicalDeliveryOfficeName",
				"desc": "Post office that serves the address",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "postalCode",
				"desc": "Postal code",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "postOfficeBox",
				"desc": "Box at a post office",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "serialNumber",
				"desc": "Serial number of a device",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "street",
				"desc": "Street and house number",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "uid",
				"desc": "Login name",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "buildingName",
				"desc": "Building where the organization or unit resides",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "co",
				"desc": "Country, by a name for people",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentIdentifier",
				"desc": "Identifier of the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentLocation",
				"desc": "Where the original of the document is",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentPublisher",
				"desc": "Who published the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentTitle",
				"desc": "Title of the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentVersion",
				"desc": "Version of the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "drink",
				"desc": "Favourite drink",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "host",
				"desc": "Host computer, usually by its DNS name",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "info",
				"desc": "Further information of any sort",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "organizationalStatus",
				"desc": "Standing within the organization, such as staff or student",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "personalTitle",
				"desc": "Form of address, such as Dr.",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "roomNumber",
				"desc": "Number of a room",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "uniqueIdentifier",
				"desc": "Identifier that is unique within some local domain",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "userClass",
				"desc": "Kind of computer user, as locally agreed",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "carLicense",
				"desc": "Number plate of a vehicle",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "departmentNumber",
				"desc": "Code of a department",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "displayName",
				"desc": "The name to show in lists",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "employeeNumber",
				"desc": "Number or code of the employee",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "employeeType",
				"desc": "Terms of employment, such as contractor or intern",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "preferredLanguage",
				"desc": "Languages in the manner of the HTTP Accept-Language header",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "c",
				"desc": "Country, as its two-letter ISO 3166 code",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "cn",
				"desc": "Common name: for a person, usually the full name",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "generationQualifier",
				"desc": "Suffix that tells generations apart, such as Jr.",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "givenName",
				"desc": "Given name: what is not the surname",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "initials",
				"desc": "Initials of the names, without the surname",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "l",
				"desc": "Locality, such as a city or a county",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "o",
				"desc": "Organization",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "ou",
				"desc": "Part of an organization",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "sn",
				"desc": "Surname",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "st",
				"desc": "State or province, in full",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			},
			{
				"collection": "attributeTypes",
				"name": "title",
				"desc": "Job title",
				"known": true,
				"from": {
					"collection": "attributeTypes",
					"name": "name",
					"desc": "Supertype of attributes that name things",
					"known": true
				}
			}
		],
		"ordering": [],
		"substr": [],
		"applies": []
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
	"raw": "( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )",
	"shared": [],
	"problems": [],
	"ldapSyntax": {
		"attributes": [
			{
				"collection": "attributeTypes",
				"name": "supportedSASLMechanisms",
				"desc": "SASL mechanisms that the server offers",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "vendorName",
				"desc": "Who made the server",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "vendorVersion",
				"desc": "Release of the server",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "name",
				"desc": "Supertype of attributes that name things",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "businessCategory",
				"desc": "Line of business",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "description",
				"desc": "Free text that says what the object is",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "houseIdentifier",
				"desc": "Name or number of a building at its site",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "physicalDeliveryOfficeName",
				"desc": "Post office that serves the address",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "postalCode",
				"desc": "Postal code",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "postOfficeBox",
				"desc": "Box at a post office",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "street",
				"desc": "Street and house number",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "uid",
				"desc": "Login name",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "buildingName",
				"desc": "Building where the organization or unit resides",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "co",
				"desc": "Country, by a name for people",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentIdentifier",
				"desc": "Identifier of the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentLocation",
				"desc": "Where the original of the document is",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentPublisher",
				"desc": "Who published the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentTitle",
				"desc": "Title of the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "documentVersion",
				"desc": "Version of the document",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "drink",
				"desc": "Favourite drink",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "host",
				"desc": "Host computer, usually by its DNS name",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "info",
				"desc": "Further information of any sort",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "organizationalStatus",
				"desc": "Standing within the organization, such as staff or student",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "personalTitle",
				"desc": "Form of address, such as Dr.",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "roomNumber",
				"desc": "Number of a room",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "uniqueIdentifier",
				"desc": "Identifier that is unique within some local domain",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "userClass",
				"desc": "Kind of computer user, as locally agreed",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "labeledURI",
				"desc": "URI, then optionally a space and a label for people",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "carLicense",
				"desc": "Number plate of a vehicle",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "departmentNumber",
				"desc": "Code of a department",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "displayName",
				"desc": "The name to show in lists",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "employeeNumber",
				"desc": "Number or code of the employee",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "employeeType",
				"desc": "Terms of employment, such as contractor or intern",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "preferredLanguage",
				"desc": "Languages in the manner of the HTTP Accept-Language header",
				"known": true
			}
		],
		"inheriting": [
			{
				"collection": "attributeTypes",
				"name": "cn",
				"desc": "Common name: for a person, usually the full name",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "generationQualifier",
				"desc": "Suffix that tells generations apart, such as Jr.",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "givenName",
				"desc": "Given name: what is not the surname",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "initials",
				"desc": "Initials of the names, without the surname",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "l",
				"desc": "Locality, such as a city or a county",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "o",
				"desc": "Organization",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "ou",
				"desc": "Part of an organization",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "sn",
				"desc": "Surname",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "st",
				"desc": "State or province, in full",
				"known": true
			},
			{
				"collection": "attributeTypes",
				"name": "title",
				"desc": "Job title",
				"known": true
			}
		],
		"rules": [
			{
				"collection": "matchingRules",
				"name": "caseIgnoreMatch",
				"known": true
			},
			{
				"collection": "matchingRules",
				"name": "caseIgnoreOrderingMatch",
				"known": true
			},
			{
				"collection": "matchingRules",
				"name": "caseExactMatch",
				"known": true
			},
			{
				"collection": "matchingRules",
				"name": "caseExactOrderingMatch",
				"known": true
			},
			{
				"collection": "matchingRules",
				"name": "directoryStringFirstComponentMatch",
				"known": true
			},
			{
				"collection": "matchingRules",
				"name": "wordMatch",
				"known": true
			},
			{
				"collection": "matchingRules",
				"name": "keywordMatch",
				"known": true
			}
		]
	}
} satisfies Definition;

export const firstOfTwo = {
	"collection": "attributeTypes",
	"name": "a",
	"names": [
		"a"
	],
	"oid": "1.1",
	"obsolete": false,
	"defaulted": [
		"usage"
	],
	"extensions": [],
	"raw": "( 1.1 NAME 'a' )",
	"shared": [
		{
			"name": "a",
			"ordinal": 1,
			"total": 2,
			"first": {
				"name": "a",
				"oid": "1.1"
			}
		}
	],
	"problems": [],
	"attribute": {
		"supertypes": [],
		"subtypes": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true,
				"ordinal": 2
			}
		],
		"singleValue": false,
		"collective": false,
		"noUserModification": false,
		"usage": "userApplications",
		"requiredBy": [],
		"allowedBy": [],
		"rules": []
	}
} satisfies Definition;

export const secondOfTwo = {
	"collection": "attributeTypes",
	"name": "a",
	"ordinal": 2,
	"names": [
		"a"
	],
	"oid": "1.2",
	"obsolete": false,
	"defaulted": [
		"usage"
	],
	"extensions": [
		{
			"name": "X-ORIGIN",
			"values": [
				"RFC 1"
			]
		}
	],
	"raw": "( 1.2 NAME 'a' SUP a X-ORIGIN 'RFC 1' )",
	"shared": [
		{
			"name": "a",
			"ordinal": 2,
			"total": 2,
			"first": {
				"name": "a",
				"oid": "1.1"
			}
		}
	],
	"problems": [
		{
			"code": "duplicate",
			"offset": 12,
			"message": "\"a\" is already defined as a (1.1); the first definition is used"
		}
	],
	"attribute": {
		"sup": {
			"collection": "attributeTypes",
			"name": "a",
			"known": true
		},
		"supertypes": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true
			}
		],
		"subtypes": [],
		"singleValue": false,
		"collective": false,
		"noUserModification": false,
		"usage": "userApplications",
		"requiredBy": [],
		"allowedBy": [],
		"rules": []
	}
} satisfies Definition;

export const flawed = {
	"collection": "attributeTypes",
	"name": "a",
	"names": [
		"a"
	],
	"oid": "1.1",
	"obsolete": false,
	"defaulted": [
		"usage"
	],
	"extensions": [],
	"raw": "( 1.1 NAME 'a' USAGE often )",
	"shared": [],
	"problems": [
		{
			"code": "value",
			"offset": 21,
			"message": "unknown usage \"often\""
		}
	],
	"attribute": {
		"supertypes": [],
		"subtypes": [],
		"singleValue": false,
		"collective": false,
		"noUserModification": false,
		"usage": "userApplications",
		"requiredBy": [
			{
				"collection": "objectClasses",
				"name": "c",
				"known": true
			}
		],
		"allowedBy": [],
		"rules": [
			{
				"collection": "dITContentRules",
				"name": "r",
				"known": true
			},
			{
				"collection": "nameForms",
				"name": "f",
				"known": true
			},
			{
				"collection": "matchingRuleUse",
				"name": "m",
				"known": true
			}
		]
	}
} satisfies Definition;

export const governedClass = {
	"collection": "objectClasses",
	"name": "c",
	"names": [
		"c"
	],
	"oid": "2.1",
	"obsolete": false,
	"defaulted": [
		"kind"
	],
	"extensions": [],
	"raw": "( 2.1 NAME 'c' MUST a )",
	"shared": [],
	"problems": [],
	"class": {
		"kind": "STRUCTURAL",
		"sup": [],
		"superclasses": [],
		"subclasses": [],
		"must": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true
			}
		],
		"may": [],
		"contentRule": {
			"collection": "dITContentRules",
			"name": "r",
			"known": true
		},
		"auxiliaryIn": [],
		"nameForms": [
			{
				"collection": "nameForms",
				"name": "f",
				"known": true
			}
		],
		"structureRules": [
			{
				"collection": "dITStructureRules",
				"name": "s",
				"known": true
			},
			{
				"collection": "dITStructureRules",
				"name": "t",
				"known": true
			}
		]
	}
} satisfies Definition;

export const auxiliary = {
	"collection": "objectClasses",
	"name": "x",
	"names": [
		"x"
	],
	"oid": "2.2",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 2.2 NAME 'x' AUXILIARY )",
	"shared": [],
	"problems": [],
	"class": {
		"kind": "AUXILIARY",
		"sup": [],
		"superclasses": [],
		"subclasses": [],
		"must": [],
		"may": [],
		"auxiliaryIn": [
			{
				"collection": "dITContentRules",
				"name": "r",
				"known": true
			}
		],
		"nameForms": [],
		"structureRules": []
	}
} satisfies Definition;

export const ruleWithUse = {
	"collection": "matchingRules",
	"name": "m",
	"names": [
		"m"
	],
	"oid": "3.1",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 3.1 NAME 'm' )",
	"shared": [],
	"problems": [],
	"rule": {
		"equality": [],
		"ordering": [],
		"substr": [],
		"applies": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true
			}
		],
		"use": {
			"collection": "matchingRuleUse",
			"name": "m",
			"known": true
		}
	}
} satisfies Definition;

export const matchingRuleUse = {
	"collection": "matchingRuleUse",
	"name": "m",
	"names": [
		"m"
	],
	"oid": "3.1",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 3.1 NAME 'm' APPLIES a )",
	"shared": [],
	"problems": [],
	"ruleUse": {
		"rule": {
			"collection": "matchingRules",
			"name": "3.1",
			"known": true
		},
		"applies": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true
			}
		]
	}
} satisfies Definition;

export const contentRule = {
	"collection": "dITContentRules",
	"name": "r",
	"names": [
		"r"
	],
	"oid": "2.1",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 2.1 NAME 'r' AUX x MUST a NOT b )",
	"shared": [],
	"problems": [],
	"contentRule": {
		"class": {
			"collection": "objectClasses",
			"name": "c",
			"known": true
		},
		"aux": [
			{
				"collection": "objectClasses",
				"name": "x",
				"known": true
			}
		],
		"must": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true
			}
		],
		"may": [],
		"not": [
			{
				"collection": "attributeTypes",
				"name": "b",
				"known": false
			}
		]
	}
} satisfies Definition;

export const nameForm = {
	"collection": "nameForms",
	"name": "f",
	"names": [
		"f"
	],
	"oid": "4.1",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 4.1 NAME 'f' OC c MUST a )",
	"shared": [],
	"problems": [],
	"nameForm": {
		"oc": {
			"collection": "objectClasses",
			"name": "c",
			"known": true
		},
		"must": [
			{
				"collection": "attributeTypes",
				"name": "a",
				"known": true
			}
		],
		"may": [],
		"structureRules": [
			{
				"collection": "dITStructureRules",
				"name": "s",
				"known": true
			},
			{
				"collection": "dITStructureRules",
				"name": "t",
				"known": true
			}
		]
	}
} satisfies Definition;

export const structureRule = {
	"collection": "dITStructureRules",
	"name": "s",
	"names": [
		"s"
	],
	"oid": "1",
	"obsolete": false,
	"defaulted": [],
	"extensions": [],
	"raw": "( 1 NAME 's' FORM f )",
	"shared": [],
	"problems": [],
	"structureRule": {
		"form": {
			"collection": "nameForms",
			"name": "f",
			"known": true
		},
		"oc": {
			"collection": "objectClasses",
			"name": "c",
			"known": true
		},
		"sup": [],
		"subordinates": [
			{
				"collection": "dITStructureRules",
				"name": "t",
				"known": true
			}
		]
	}
} satisfies Definition;

export const hitsOfTwo = {
	"total": 2,
	"marks": [
		"a"
	],
	"hits": [
		[
			1,
			0
		],
		[
			1,
			1
		]
	]
} satisfies FrameHits;

export const hits = {
	"total": 1,
	"marks": [
		"cn"
	],
	"hits": [
		[
			1,
			35
		]
	]
} satisfies FrameHits;

export const noNarrowing = {
	"total": 0,
	"marks": [],
	"unknown": {
		"narrowing": "kind",
		"value": "foo"
	},
	"hits": []
} satisfies FrameHits;

export const lists = [
	{
		"collection": "objectClasses",
		"definitions": []
	},
	{
		"collection": "attributeTypes",
		"definitions": [
			{
				"name": "a",
				"oid": "1.1",
				"usage": "userApplications",
				"unused": true
			},
			{
				"name": "a",
				"ordinal": 2,
				"oid": "1.2",
				"usage": "userApplications",
				"sup": [
					0
				],
				"origin": [
					"RFC 1"
				],
				"unused": true
			}
		]
	},
	{
		"collection": "matchingRules",
		"definitions": []
	},
	{
		"collection": "ldapSyntaxes",
		"definitions": []
	},
	{
		"collection": "matchingRuleUse",
		"definitions": []
	},
	{
		"collection": "dITContentRules",
		"definitions": []
	},
	{
		"collection": "dITStructureRules",
		"definitions": []
	},
	{
		"collection": "nameForms",
		"definitions": []
	}
] satisfies CollectionList[];

export const failure = {
	"code": "server-unreachable",
	"where": "dc1",
	"cause": "connection refused"
} satisfies Failure;

export const invalid = {
	"code": "invalid-value",
	"cause": "pwdLastSet: \"soon\" is no value of the attribute: a Generalized Time is YYYYMMDDHH[MM[SS[.digits]]] and Z or a zone such as +0100",
	"value": {
		"index": 0,
		"attribute": "pwdLastSet",
		"value": "\"soon\"",
		"reason": "a Generalized Time is YYYYMMDDHH[MM[SS[.digits]]] and Z or a zone such as +0100"
	}
} satisfies Failure;

export const text = {
	"values": [
		{
			"kind": "text",
			"value": "Zoë"
		},
		{
			"kind": "bytes",
			"value": {
				"encoding": "base64",
				"encoded": "/w=="
			}
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const integer = {
	"values": [
		{
			"kind": "integer",
			"value": "9223372036854775806",
			"wide": true
		},
		{
			"kind": "bytes",
			"value": {
				"encoding": "base64",
				"encoded": "eA=="
			}
		}
	],
	"single": false,
	"problems": [
		{
			"index": 1,
			"message": "highestCommittedUSN: \"x\" is no value of the attribute: an integer is digits, with an optional sign"
		}
	]
} satisfies FrameValues;

export const boolean = {
	"values": [
		{
			"kind": "boolean",
			"value": true
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const time = {
	"values": [
		{
			"kind": "time",
			"value": "2012-12-14T23:06:40.0000001Z"
		},
		{
			"kind": "never",
			"value": {
				"never": true
			}
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const interval = {
	"values": [
		{
			"kind": "interval",
			"value": {
				"interval": "P42D",
				"ticks": "36288000000000"
			}
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const guid = {
	"values": [
		{
			"kind": "guid",
			"value": "07039e68-4373-264d-a0a7-07039e684373"
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const flags = {
	"values": [
		{
			"kind": "flags",
			"value": {
				"value": "514",
				"names": [
					"ACCOUNTDISABLE",
					"NORMAL_ACCOUNT"
				]
			}
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const enumeration = {
	"values": [
		{
			"kind": "enumeration",
			"value": {
				"value": "805306368",
				"names": [
					"USER_OBJECT"
				]
			}
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const sid = {
	"values": [
		{
			"kind": "sid",
			"value": "S-1-5-18"
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const securityDescriptor = {
	"values": [
		{
			"kind": "securityDescriptor",
			"value": {
				"encoding": "base64",
				"encoded": "AQAEgBQAAAAkAAAAAAAAADAAAAABAgAAAAAABSAAAAAgAgAAAQEAAAAAAAUSAAAAAgAcAAEAAAAAABQAAQAAAAEBAAAAAAAFEgAAAA==",
				"sddl": "O:BAG:SYD:(A;;CC;;;SY)",
				"descriptor": {
					"control": [
						"daclPresent",
						"selfRelative"
					],
					"owner": "S-1-5-32-544",
					"group": "S-1-5-18",
					"dacl": [
						{
							"type": "accessAllowed",
							"flags": [],
							"mask": 1,
							"rights": [
								"createChild"
							],
							"sid": "S-1-5-18"
						}
					]
				}
			}
		}
	],
	"single": false,
	"problems": []
} satisfies FrameValues;

export const progress = {
	"stage": "connecting",
	"where": "dc1"
} satisfies Progress;
