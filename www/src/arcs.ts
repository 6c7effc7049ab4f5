/** The arcs of object identifiers that schemas have, and who or what they are for. */
const arcs: Record<string, string> = {
	"0": "ITU-T",
	"0.9.2342.19200300": "University College London",
	"0.9.2342.19200300.100.1": "COSINE attribute types",
	"0.9.2342.19200300.100.4": "COSINE object classes",
	"1": "ISO",
	"1.2.840": "organizations in the USA, ANSI",
	"1.2.840.113533": "Entrust",
	"1.2.840.113549": "RSA Data Security",
	"1.2.840.113549.1.9": "PKCS #9",
	"1.2.840.113556": "Microsoft",
	"1.2.840.113556.1.2": "Active Directory attribute types, Microsoft",
	"1.2.840.113556.1.3": "Active Directory object classes, Microsoft",
	"1.2.840.113556.1.4": "Active Directory attribute types, Microsoft",
	"1.2.840.113556.1.5": "Active Directory object classes, Microsoft",
	"1.3.18": "IBM",
	"1.3.6.1": "Internet, IANA",
	"1.3.6.1.1": "directory, IANA",
	"1.3.6.1.1.1": "NIS as a directory, RFC 2307",
	"1.3.6.1.4.1": "private enterprises, IANA",
	"1.3.6.1.4.1.11": "Hewlett-Packard",
	"1.3.6.1.4.1.1466": "Mark Wahl, LDAP",
	"1.3.6.1.4.1.1466.109.114": "LDAP matching rules, RFC 4517",
	"1.3.6.1.4.1.1466.115.121.1": "LDAP syntaxes, RFC 4517",
	"1.3.6.1.4.1.18060": "Apache Software Foundation",
	"1.3.6.1.4.1.2312": "Red Hat",
	"1.3.6.1.4.1.25178": "TERENA, SCHAC",
	"1.3.6.1.4.1.250": "University of Michigan",
	"1.3.6.1.4.1.26027": "OpenDS",
	"1.3.6.1.4.1.30221": "UnboundID",
	"1.3.6.1.4.1.311": "Microsoft",
	"1.3.6.1.4.1.36733": "ForgeRock",
	"1.3.6.1.4.1.42": "Sun Microsystems",
	"1.3.6.1.4.1.4203": "OpenLDAP",
	"1.3.6.1.4.1.4203.666": "OpenLDAP, experimental",
	"1.3.6.1.4.1.5923": "Internet2, eduPerson",
	"1.3.6.1.4.1.7165": "Samba",
	"1.3.6.1.4.1.9": "Cisco",
	"2": "ISO and ITU-T",
	"2.16.840.1": "organizations in the USA, ANSI",
	"2.16.840.1.101": "government of the USA",
	"2.16.840.1.113719": "Novell",
	"2.16.840.1.113730": "Netscape",
	"2.16.840.1.113730.3.1": "Netscape attribute types",
	"2.16.840.1.113730.3.2": "Netscape object classes",
	"2.16.840.1.113730.3.3": "Netscape matching rules",
	"2.16.840.1.113894": "Oracle",
	"2.5": "X.500, ISO and ITU-T",
	"2.5.13": "X.500 matching rules",
	"2.5.15": "X.500 name forms",
	"2.5.18": "X.500 operational attribute types",
	"2.5.20": "X.500 object classes of subschema",
	"2.5.21": "X.500 attribute types of subschema",
	"2.5.4": "X.500 attribute types",
	"2.5.6": "X.500 object classes",
};

export interface Arc {
	oid: string;
	name: string;
}

/** The nearest arc that an OID is under; undefined for what is no OID. */
export function arcOf(oid: string): Arc | undefined {
	if (!/^\d+(\.\d+)+$/.test(oid)) return undefined;
	const parts = oid.split(".");
	for (let n = parts.length - 1; n > 0; n--) {
		const arc = parts.slice(0, n).join(".");
		const name = arcs[arc];
		if (name) return { oid: arc, name };
	}
	return undefined;
}
