// What the package is asked to do in each host: it reads a text, and asks the demo directory of a connector.

/**
 * @param {typeof import("ldapedge")} ldapedge
 * @param {string} connector
 */
export async function check(ldapedge, connector) {
	const written = await ldapedge.openSchema({
		definitions: { attributeTypes: ["( 1.1 NAME 'sample' DESC 'written' )"] },
	});
	const sample = await written.definition("attributeTypes", "sample");
	await written.close();
	const [server] = await ldapedge.listServers(connector);
	if (!server) throw new Error(`${connector} offers nothing`);
	const live = await ldapedge.openSchema({ connector, server });
	const found = await live.search("inetOrgPerson");
	await live.close();
	const options = { connector: new ldapedge.Connector(connector) };
	const connection = new ldapedge.Connection(new ldapedge.Server(server), options);
	await connection.open();
	const people = [];
	const request = { base: "ou=people,dc=example,dc=com", filter: "(uid=ada.moreau)" };
	for await (const entry of connection.search(request))
		people.push([entry.dn, ...(entry.get("cn")?.values ?? []).map(({ value }) => value)]);
	await connection.close();
	return { desc: sample.desc, first: found.hits[0]?.name, people };
}
