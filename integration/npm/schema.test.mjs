// The schema side of the npm package in Node, from the file system, in this thread.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import { root } from "../browser/processes.mjs";
import { install } from "./package.mjs";

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {typeof import("ldapedge")} */
let ldapedge;
/** @type {import("ldapedge").Schema} */
let slapd;

before(async () => {
	installed = await install();
	ldapedge = await import(installed.path());
	ldapedge.initialize({ worker: false });
	slapd = await ldapedge.openSchema({ offline: "SLAPD_2_5" });
});

after(async () => {
	await slapd?.close();
	await installed?.remove();
});

/** @param {readonly {name: string}[]} all */
const names = (all) => all.map(({ name }) => name);

/** @param {import("ldapedge").Schema<unknown>} schema */
const counts = ({ summary }) =>
	Object.fromEntries(summary.collections.map(({ collection, definitions }) => [collection, definitions.length]));

/** @param {string} name */
const prebuilt = async (name) =>
	gunzipSync(await readFile(join(root, "schemajson/offline/data", `${name}.json.gz`))).toString();

/**
 * @param {unknown} error
 * @param {string} code
 * @param {RegExp} message
 */
function fails(error, code, message) {
	assert.ok(error instanceof ldapedge.LDAPEdgeError, String(error));
	assert.equal(error.code, code);
	assert.match(error.message, message);
	return true;
}

describe("opening", () => {
	test("each pre-built schema", async () => {
		const files = (await readFile(join(root, "schemajson/offline/NOTICE"), "utf8")).matchAll(/^\s*([A-Z]+\d*_[\w]+)/gm);
		const known = new Set(names(ldapedge.offlineSchemas()));
		for (const [, name] of files) assert.ok(known.has(name ?? ""), `${name} is not listed`);
		assert.equal(known.size, 8);
		for (const { name, server } of ldapedge.offlineSchemas()) {
			const schema = await ldapedge.openSchema({ offline: name.toLowerCase() });
			assert.equal(schema.summary.origin.kind, "offline");
			assert.equal(schema.summary.origin.name, name);
			assert.ok(server.length > 10);
			assert.ok((counts(schema).attributeTypes ?? 0) > 400, name);
			await schema.close();
		}
	});

	test("Active Directory's 1,736 definitions, with what was saved beside them", async () => {
		const schema = await ldapedge.openSchema({ offline: "AD_2012_R2" });
		const { objectClasses = 0, attributeTypes = 0, dITContentRules } = counts(schema);
		assert.equal(objectClasses + attributeTypes, 1736);
		assert.equal(dITContentRules, 264);
		assert.deepEqual(schema.summary.origin, {
			kind: "offline",
			name: "AD_2012_R2",
			format: "json",
			modified: "2014-10-06T12:19:49Z",
			saved: "2014-11-11T08:01:00Z",
		});
		await schema.close();
	});

	test("a pre-built schema from another folder", async () => {
		const base = pathToFileURL(join(root, "schemajson/offline/data"));
		const schema = await ldapedge.openSchema({ offline: "SLAPD_2_4", base });
		assert.equal(counts(schema).objectClasses, 117);
		await schema.close();
		const gone = ldapedge.openSchema({ offline: "SLAPD_2_4", base: pathToFileURL(join(root, "build")) });
		await assert.rejects(gone, (error) => fails(error, "unavailable", /build\/SLAPD_2_4\.json\.gz.*ENOENT/));
		await assert.rejects(ldapedge.openSchema({ offline: "SLAPD_9" }), (error) =>
			fails(error, "unknown-offline", /"SLAPD_9"; there are AD_2012_R2, .*SLAPD_2_5/),
		);
	});

	test("files of every format", async () => {
		const both = JSON.parse(await prebuilt("SLAPD_2_4"));
		const json = JSON.stringify(both.schema);
		/** @type {[string, string | Uint8Array, string][]} */
		const files = [
			["json", json, "inetOrgPerson"],
			["json", new TextEncoder().encode(`\ufeff\n${JSON.stringify(both)}`), "inetOrgPerson"],
			["ldif", "dn: cn=schema\nobjectClasses: ( 1.1 NAME 'mine' )\n", "mine"],
			["ldif", "dn: cn=x,cn=schema,cn=config\nolcObjectClasses: {0}( 1.1 NAME 'mine' )\n", "mine"],
			[
				"ldif",
				"dn: CN=m\nobjectClass: classSchema\ngovernsID: 1.1\nlDAPDisplayName: mine\nobjectClassCategory: 1\n",
				"mine",
			],
			["openldap", "objectclass ( 1.1 NAME 'mine' )", "mine"],
			["definitions", "( 1.1 NAME 'mine' SUP top STRUCTURAL )", "mine"],
		];
		for (const [format, text, name] of files) {
			const schema = await ldapedge.openSchema({ text, name: "a file" });
			assert.equal(schema.summary.origin.format, format);
			assert.equal(schema.summary.origin.name, "a file");
			assert.equal((await schema.definition("objectClasses", name)).name, name);
			await schema.close();
		}
	});

	test("definitions, and what is wrong with them", async () => {
		const schema = await ldapedge.openSchema({
			definitions: {
				attributeTypes: ["( 1.1 NAME 'a' )", "( 1.2 NAME 'b'"],
				nameForms: ["( 1.3 NAME 'f' OC x MUST a )"],
			},
		});
		assert.deepEqual(counts(schema).nameForms, 1);
		assert.equal(schema.summary.problems[0]?.collection, "attributeTypes");
		assert.match(schema.summary.problems[0]?.text ?? "", /1\.2 NAME 'b'/);
		await schema.close();
	});

	test("what is no schema", async () => {
		for (const [text, message] of /** @type {const} */ ([
			["nothing", /^mine: .*no schema definitions/],
			["{", /not JSON/],
			['{"type": "DsaInfo", "raw": {}}', /"SchemaInfo" is expected/],
		]))
			await assert.rejects(ldapedge.openSchema({ text, name: "mine" }), (error) => {
				assert.ok(error instanceof ldapedge.UnreadableError);
				return fails(error, "unreadable", message);
			});
	});

	test("ends with its signal, and leaves nothing open", async () => {
		const controller = new AbortController();
		const text = await prebuilt("SLAPD_2_4");
		const opening = ldapedge.openSchema({ text, signal: controller.signal });
		controller.abort();
		await assert.rejects(opening, (error) => error instanceof ldapedge.CancelledError && error.code === "cancelled");
		const { running } = await import(installed.path("running.js"));
		const next = await ldapedge.openSchema({ text }); // and so the one before has been read
		const before = next.summary.source - 1;
		assert.ok(before > slapd.summary.source);
		await assert.rejects(
			running().call("definition", { source: before, collection: "objectClasses", name: "top" }),
			(error) => fails(error, "usage", new RegExp(`no open source ${before}`)),
		);
		await next.close();
	});
});

describe("a schema", () => {
	test("shows definitions of all eight kinds", async () => {
		const person = await slapd.definition("objectClasses", "PERSON");
		assert.deepEqual(names(person.class?.must ?? []), ["sn", "cn", "objectClass"]);
		assert.equal((await slapd.definition("attributeTypes", "2.5.4.3")).attribute?.syntax?.desc, "Directory String");
		assert.ok((await slapd.definition("matchingRules", "caseIgnoreMatch")).rule?.equality.length);
		assert.ok((await slapd.definition("ldapSyntaxes", "1.3.6.1.4.1.1466.115.121.1.15")).ldapSyntax?.attributes.length);
		const use = await slapd.definition("matchingRuleUse", "caseIgnoreMatch");
		assert.ok(names(use.ruleUse?.applies ?? []).includes("cn"), use.raw);
		const schema = await ldapedge.openSchema({
			definitions: {
				objectClasses: ["( 1.1 NAME 'c' )"],
				attributeTypes: ["( 1.2 NAME 'a' )"],
				dITContentRules: ["( 1.1 NAME 'rule' NOT a )"],
				nameForms: ["( 1.3 NAME 'form' OC c MUST a )"],
				dITStructureRules: ["( 1 NAME 'r1' FORM form )", "( 2 NAME 'r2' FORM form SUP 1 )"],
			},
		});
		const rule = await schema.definition("dITContentRules", "rule");
		assert.equal(rule.contentRule?.class.name, "c");
		assert.deepEqual(names(rule.contentRule?.not ?? []), ["a"]);
		assert.equal((await schema.definition("nameForms", "form")).nameForm?.oc?.name, "c");
		const below = await schema.definition("dITStructureRules", "2");
		assert.deepEqual([below.structureRule?.form?.name, ...names(below.structureRule?.sup ?? [])], ["form", "1"]);
		await schema.close();
		await assert.rejects(slapd.definition("nameForms", "none"), (error) =>
			fails(error, "unknown-definition", /"none"/),
		);
	});

	test("tells what entries must and may have", async () => {
		const person = await slapd.effective(["inetOrgPerson"]);
		const from = Object.fromEntries(person.must.map(({ name, from }) => [name, from.name]));
		assert.deepEqual(from, { sn: "person", cn: "person", objectClass: "top" });
		assert.equal(person.may.find(({ name }) => name === "mail")?.from.name, "inetOrgPerson");
		assert.equal(person.structural?.name, "inetOrgPerson");
		assert.deepEqual(person.problems, []);
		const odd = await slapd.effective(["person", "device", "nobody"]);
		assert.deepEqual(
			odd.problems.map(({ code, definitions }) => [code, ...definitions]),
			[
				["unknown-class", "nobody"],
				["several-structural", "person", "device"],
			],
		);
	});

	test("is searched", async () => {
		const found = await slapd.find("person");
		assert.equal(found[0]?.name, "person");
		assert.ok(names(found).includes("inetOrgPerson"));
		const rules = await slapd.find("caseIgnore*", { collections: ["matchingRuleUse"], limit: 2 });
		assert.deepEqual(
			rules.map(({ collection }) => collection),
			["matchingRuleUse", "matchingRuleUse"],
		);
		assert.equal((await slapd.search("1.3.6.1.1.1.2.0", 1)).hits[0]?.name, "posixAccount");
		await assert.rejects(slapd.find("colour:red"), (error) => fails(error, "usage", /colour/));
	});

	test("is checked", async () => {
		const schema = await ldapedge.openSchema({
			definitions: { objectClasses: ["( 1.1 NAME 'a' SUP a )", "( 1.2 NAME 'x-b' SUP gone )"] },
		});
		const all = await schema.lint();
		const cycle = all.find(({ code }) => code === "class-cycle");
		assert.deepEqual([cycle?.severity, cycle?.definition, cycle?.collection], ["error", "a", "objectClasses"]);
		assert.match(cycle?.message ?? "", /\S/);
		const worst = await schema.lint({ severity: "error", ignorePrefixes: ["X-"], ignore: ["class-cycle"] });
		assert.ok(
			worst.every(
				({ severity, definition, code }) => severity === "error" && definition !== "x-b" && code !== "class-cycle",
			),
		);
		assert.deepEqual(await schema.lint({ only: ["oid-missing"] }), []);
		await schema.close();
		const checks = await ldapedge.lintChecks();
		assert.ok(
			checks.length > 80 && checks.some(({ code, severity }) => code === "class-cycle" && severity === "error"),
		);
		await assert.rejects(slapd.lint({ only: ["no-such"] }), (error) => fails(error, "usage", /no check "no-such"/));
	});

	test("is compared with another", async () => {
		const [before, after] = await Promise.all([
			ldapedge.openSchema({ text: "objectclass ( 1.1 NAME 'a' DESC 'x' )\nobjectclass ( 1.2 NAME 'b' MAY cn )\n" }),
			ldapedge.openSchema({ text: "objectclass ( 1.1 NAME 'a' DESC 'y' )\nobjectclass ( 1.2 NAME 'b' MUST cn )\n" }),
		]);
		const { summary, collections } = await before.diff(after);
		assert.equal(summary.changed, 2);
		assert.deepEqual(
			collections[0]?.changed.map(({ name, effect }) => [name, effect]),
			[
				["b", "breaking"],
				["a", "cosmetic"],
			],
		);
		assert.equal((await before.diff(after, { ignoreDescriptions: true })).summary.changed, 1);
		assert.deepEqual((await before.diff(before)).collections, []);
		await Promise.all([before.close(), after.close()]);
	});

	test("is merged with another, and both stay as they are", async () => {
		const mine = await ldapedge.openSchema({
			text: "attributetype ( 2.5.4.4 NAME 'sn' SUP name DESC 'ours' )\nobjectclass ( 1.1 NAME 'shelf' MUST sn )\n",
		});
		const before = counts(slapd);
		const both = await slapd.merge(mine, { name: "with shelves" });
		assert.deepEqual(both.summary.origin, { kind: "file", name: "with shelves" });
		assert.equal(both.summary.entry, slapd.summary.entry);
		assert.deepEqual(both.summary.merged, [
			{ collection: "attributeTypes", replaced: ["sn"], added: [] },
			{ collection: "objectClasses", replaced: [], added: ["shelf"] },
		]);
		assert.equal((await both.definition("attributeTypes", "sn")).desc, "ours");
		assert.equal(counts(both).objectClasses, (before.objectClasses ?? 0) + 1);
		assert.equal(both.summary.collections[0]?.definitions.at(-1)?.name, "shelf");
		assert.deepEqual(counts(slapd), before);
		const { collections } = await slapd.diff(both);
		assert.deepEqual(
			collections.map(({ name, added, removed, changed }) => [name, names(added), names(removed), names(changed)]),
			[
				["attributeTypes", [], [], ["sn"]],
				["objectClasses", ["shelf"], [], []],
			],
		);
		await mine.close();
		// Neither of the two is needed any more, and formatters go along.
		const own = await ldapedge.openSchema({
			definitions: { attributeTypes: ["( 1.2 NAME 'size' )"] },
			formatters: { size: { format: (/** @type {Uint8Array} */ bytes) => bytes.length } },
		});
		const all = await own.merge(both);
		await Promise.all([own.close(), both.close()]);
		assert.deepEqual((await all.format("size", ["123"])).values, [{ kind: "custom", value: 3 }]);
		assert.ok((await all.effective(["shelf"])).must.some(({ name }) => name === "sn"));
		await all.close();
		await assert.rejects(slapd.merge(all), (error) => fails(error, "usage", /no open source/));
	});

	test("is converted to every format, and back", async () => {
		/** @type {import("ldapedge").ConvertOptions} */
		const person = { selection: [{ collection: "objectClasses", name: "person" }] };
		const expected = /** @type {const} */ ({
			json: /"type": "SchemaInfo"/,
			ldif: /^dn: cn=Subschema\n/,
			openldap: /^objectclass \( 1\.3\.6\.1\.1\.1\.2\.0\n/m,
			"openldap-ldif": /^dn: cn=converted,cn=schema,cn=config\n/,
			jsonschema: /"title": "person"/,
			typescript: /export interface Person/,
			plantuml: /^@startuml\n.*"person"/s,
			mermaid: /^classDiagram\n.*"person"/s,
		});
		for (const [to, text] of Object.entries(expected)) {
			const format = /** @type {keyof typeof expected} */ (to);
			// slapd has the person built in, so that nothing of it remains.
			const all = format.startsWith("openldap");
			const converted = await slapd.convert(format, all ? {} : person);
			assert.match(converted.text, text);
			assert.equal(converted.text.includes("posixAccount"), all, format);
		}
		const foreign = await ldapedge.openSchema({ text: "( a-oid NAME 'a' SYNTAX 1.9 )" });
		const [change] = (await foreign.convert("openldap")).changes;
		assert.deepEqual([change?.collection, change?.name], ["attributeTypes", "a"]);
		await foreign.close();
		const whole = await slapd.convert("ldif");
		const again = await ldapedge.openSchema({ text: whole.text });
		assert.deepEqual((await slapd.diff(again)).collections, []);
		const none = await slapd.convert("ldif", { without: [again] });
		assert.doesNotMatch(none.text, /NAME/);
		await again.close();
		await assert.rejects(slapd.convert("jsonschema"), (error) => fails(error, "usage", /select its object classes/));
	});

	test("has the root DSE that was saved with it", async () => {
		const schema = await ldapedge.openSchema({ offline: "AD_2012_R2" });
		const info = await schema.info({ times: "Date", integers: "bigint" });
		assert.deepEqual([info.controls.length, info.extensions.length, info.features.length], [37, 5, 6]);
		const paged = info.controls.find(({ oid }) => oid === "1.2.840.113556.1.4.319");
		assert.deepEqual([paged?.kind, paged?.doc], ["Control", "RFC2696"]);
		assert.match(paged?.names[0] ?? "", /paged/i);
		assert.deepEqual(info.saslMechanisms, ["GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"]);
		assert.ok(info.namingContexts.includes("DC=AD2012,DC=LAB"));
		const time = info.attributes.find(({ name }) => name === "currentTime");
		assert.deepEqual(time?.values, [{ kind: "time", value: new Date("2014-11-11T08:01:00Z") }]);
		assert.equal(new TextDecoder().decode(time?.raw[0]), "20141111080100.0Z");
		await schema.close();
		const none = await ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" });
		await assert.rejects(none.info(), (error) => fails(error, "no-root-dse", /no root DSE/));
		await none.close();
	});

	test("knows OIDs of the registry", async () => {
		assert.deepEqual(await ldapedge.lookUpOIDs(["2.5.4.3", "1.1"]), [
			{ oid: "2.5.4.3", kind: "Attribute Type", names: ["cn", "commonName"], doc: "RFC4519" },
			{ oid: "1.1", names: [] },
		]);
	});

	test("formats and validates values", async () => {
		const { values, single } = await slapd.format("uidNumber", ["1000"]);
		assert.deepEqual([values, single], [[{ kind: "integer", value: 1000 }], true]);
		await assert.rejects(slapd.validate("uidNumber", ["tall"]), (error) => {
			assert.ok(error instanceof ldapedge.InvalidValueError);
			assert.equal(error.value.attribute, "uidNumber");
			return fails(error, "invalid-value", /an integer is digits/);
		});
	});

	test("is closed once and for all", async () => {
		const schema = await ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" });
		await schema.close();
		await schema.close();
		await assert.rejects(schema.effective(["a"]), (error) => fails(error, "usage", /no open source/));
		const other = await ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" });
		await other[Symbol.asyncDispose]();
		await assert.rejects(other.effective(["a"]), (error) => fails(error, "usage", /no open source/));
	});

	test("is closed if it is forgotten", async () => {
		setFlagsFromString("--expose-gc");
		const collect = runInNewContext("gc");
		const { running } = await import(installed.path("running.js"));
		const source = await (async () => (await ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" })).summary.source)();
		const open = () =>
			running()
				.call("entry", { source, classes: [] })
				.then(
					() => true,
					() => false,
				);
		for (let tries = 0; tries < 100 && (await open()); tries++) {
			await new Promise((resolve) => setTimeout(resolve, 10));
			collect();
		}
		assert.equal(await open(), false);
	});
});

describe("formatters of one's own", () => {
	const formatters = {
		MAIL: {
			/** @param {Uint8Array} bytes */
			format(bytes) {
				const [local, domain] = new TextDecoder().decode(bytes).split("@");
				if (!domain) throw new Error("there is no @");
				return { local, domain };
			},
			/** @param {{local: string, domain: string}} value */
			validate: ({ local, domain }) => {
				if (!domain) throw new Error("there is no domain");
				return new TextEncoder().encode(`${local}@${domain}`);
			},
		},
		"1.3.6.1.4.1.1466.115.121.1.27": {
			/** @param {Uint8Array} bytes */
			format: (bytes) => bytes.length,
		},
	};

	test("go before the built-in ones", async () => {
		const schema = await ldapedge.openSchema({ offline: "SLAPD_2_5", formatters });
		const { values, problems } = await schema.format("rfc822Mailbox;lang-de", ["zoe@example.com", "nobody"], {
			bytes: "Uint8Array",
		});
		assert.deepEqual(values, [
			{ kind: "custom", value: { local: "zoe", domain: "example.com" } },
			{ kind: "bytes", value: new TextEncoder().encode("nobody") },
		]);
		assert.deepEqual(problems, [{ index: 1, message: "rfc822Mailbox;lang-de: there is no @" }]);
		assert.deepEqual((await schema.format("uidNumber", ["1000"])).values, [{ kind: "custom", value: 4 }]);
		assert.deepEqual((await schema.format("cn", ["x"])).values, [{ kind: "text", value: "x" }]);
		const [bytes] = await schema.validate("mail", [{ local: "a", domain: "b" }]);
		assert.equal(new TextDecoder().decode(bytes), "a@b");
		assert.deepEqual(await schema.validate("uidNumber", [7]), [new TextEncoder().encode("7")]);
		await assert.rejects(schema.validate("mail", [{ local: "a", domain: "" }]), (error) => {
			assert.ok(error instanceof ldapedge.InvalidValueError);
			return fails(error, "invalid-value", /mail: there is no domain/);
		});
		await schema.close();
	});

	test("may be a script", async () => {
		const file = join(installed.folder, "formatters.mjs");
		await writeFile(file, "export default { mail: { format: (bytes) => bytes.length } };\n");
		const schema = await ldapedge.openSchema({ offline: "SLAPD_2_5", formatters: pathToFileURL(file) });
		assert.deepEqual((await schema.format("mail", ["12345"])).values, [{ kind: "custom", value: 5 }]);
		assert.deepEqual((await schema.format("cn", ["x"])).values, [{ kind: "text", value: "x" }]);
		await schema.close();
		const gone = await ldapedge.openSchema({ offline: "SLAPD_2_5", formatters: new URL("file:///no/such.mjs") });
		await assert.rejects(gone.format("mail", ["x"]), (error) => fails(error, "unavailable", /no\/such\.mjs/));
		await gone.close();
	});
});

describe("the module", () => {
	test("is loaded anew after a failure", async () => {
		const { initialize, running } = await import(installed.path("running.js"));
		const open = await ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" });
		running().end("it was ended");
		await assert.rejects(open.effective([]), (error) => {
			assert.ok(error instanceof ldapedge.ModuleError);
			return fails(error, "module", /it was ended/);
		});
		initialize({ worker: false, wasmURL: new URL("file:///no/such.wasm") });
		await assert.rejects(ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" }), (error) =>
			fails(error, "module", /such\.wasm/),
		);
		const bytes = await readFile(installed.path("toolkit.wasm"));
		initialize({ worker: false, wasmModule: await WebAssembly.compile(bytes) });
		const schema = await ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" });
		assert.equal((await schema.find("a"))[0]?.oid, "1.1");
		await schema.close();
		slapd = await ldapedge.openSchema({ offline: "SLAPD_2_5" });
	});

	test("the small one says what it cannot", async () => {
		const { initialize, running } = await import(installed.path("running.js"));
		running().end("it was ended");
		initialize({ worker: false, wasmURL: pathToFileURL(installed.path("ldapedge.wasm")) });
		const schema = await ldapedge.openSchema({ offline: "SLAPD_2_4" });
		assert.equal(counts(schema).objectClasses, 117);
		await assert.rejects(schema.lint(), (error) => fails(error, "usage", /no call "lint"/));
		await assert.rejects(ldapedge.openSchema({ text: "( 1.1 NAME 'a' )" }), (error) =>
			fails(error, "usage", /reads schemas in JSON only/),
		);
	});
});
