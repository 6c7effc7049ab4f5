// Entries of inetOrgPerson in the form that is described, as the servers have them.

/** @typedef {Record<string, unknown>} Entry */

const person = {
	objectClass: ["top", "person", "organizationalPerson", "inetOrgPerson"],
	cn: ["Ada Lovelace"],
	sn: ["Lovelace"],
	givenName: ["Ada"],
	uid: ["ada"],
	mail: ["ada@example.com", "countess@example.com"],
	telephoneNumber: ["+44 20 7946 0958"],
	jpegPhoto: ["/9j/4AAQSkZJRgABAQ=="],
	"description;lang-en": ["the first programmer"],
};

const ofEDirectory = {
	...person,
	loginDisabled: false,
	loginGraceLimit: 6,
	passwordExpirationTime: "2026-12-10T00:00:00Z",
};

const ofActiveDirectory = {
	objectClass: ["top", "person", "organizationalPerson", "user", "inetOrgPerson"],
	cn: "Ada Lovelace",
	sn: "Lovelace",
	mail: "ada@example.com",
	uid: ["ada"],
	instanceType: 4,
	objectCategory: "CN=Person,CN=Schema,CN=Configuration,DC=example,DC=com",
	nTSecurityDescriptor: "AQAEgAAAAAAAAAAAAAAAAA==",
	accountExpires: 0,
	userAccountControl: 512,
	whenCreated: "2026-01-31T12:00:00Z",
	isDeleted: false,
};

// Samba, which AD_2016 is of, does not publish the content rule by which a person has these.
const ofSecurityPrincipal = { sAMAccountName: "ada", objectSid: "AQUAAAAAAAUVAAAA" };

/**
 * The person as a kind of server has it.
 * @param {string} set
 * @returns {Entry}
 */
export function personOf(set) {
	if (set === "AD_2012_R2") return { ...ofActiveDirectory, ...ofSecurityPrincipal };
	if (set === "AD_2016") return ofActiveDirectory;
	return set.startsWith("EDIR_") ? ofEDirectory : person;
}

/**
 * What is not right, each with what it is to be refused for.
 * @param {Entry} right
 * @returns {{what: string, entry: Entry, keyword: string, code: string}[]}
 */
export function notRight(right) {
	const { cn, ...nameless } = right;
	return [
		{ what: "a person without cn", entry: nameless, keyword: "required cn", code: "TS2741" },
		{
			what: "a person with a favourite",
			entry: { ...right, favouriteDrink: ["tea"] },
			keyword: "additionalProperties favouriteDrink",
			code: "TS2353",
		},
		{
			what: "a person whose name is a number",
			entry: { ...right, cn: Array.isArray(cn) ? [1815] : 1815 },
			keyword: Array.isArray(cn) ? "type /cn/0" : "type /cn",
			code: "TS2322",
		},
		{
			what: "a person with another number of names",
			entry: { ...right, cn: Array.isArray(cn) ? cn[0] : [cn] },
			keyword: "type /cn",
			code: "TS2322",
		},
	];
}
