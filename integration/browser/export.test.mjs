// The page that exports a schema in other formats, against a real slapd.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessibleInBoth, fits, goingOn, launch, openPage } from "./browser.mjs";
import { startConnectorTo, startSlapd } from "./processes.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	slapd = await startSlapd();
	connector = await startConnectorTo({ slapd: slapd.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await slapd?.close();
});

const goOn = goingOn(() => browser);

const preview = "#preview";

test("all is written in every format, and downloaded whole", async () => {
	const { page, context, wrong } = await goOn(`${connector.url}#/s/slapd/export`);
	await page.locator(preview).getByText('"raw": {').waitFor();
	/** @type {Record<string, [file: string, content: RegExp]>} */
	const formats = {
		LDIF: ["slapd.ldif", /^dn: cn=Subschema$/m],
		OpenLDAP: ["slapd.schema", /^objectclass \( 1\.3\.6\.1\.1\.1\.2\.0\n\tNAME 'posixAccount'/m],
		"OpenLDAP LDIF": ["slapd.ldif", /^dn: cn=converted,cn=schema,cn=config$/m],
		TypeScript: ["slapd.ts", /export interface InetOrgPerson/],
		PlantUML: ["slapd.puml", /^@startuml/],
		Mermaid: ["slapd.mmd", /^classDiagram/m],
		JSON: ["slapd.json", /posixAccount/],
	};
	for (const [name, [file, content]] of Object.entries(formats)) {
		await page.getByRole("button", { name, exact: true }).click();
		const button = page.getByRole("button", { name: `Download ${name}`, exact: true });
		const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
		assert.equal(download.suggestedFilename(), file);
		const text = await readFile(await download.path(), "utf8");
		assert.match(text, content, name);
		const size = Buffer.byteLength(text);
		const said = await page.locator(".preview strong").textContent();
		assert.equal(said, `${new Intl.NumberFormat("en", { maximumFractionDigits: 1 }).format(size / 1024)} KiB`, name);
		assert.ok(text.startsWith((await page.locator(preview).textContent()) ?? " "), `the preview of ${name}`);
	}
	await page.getByRole("button", { name: "JSON Schema", exact: true }).click();
	await page.getByText("select their object classes").waitFor();
	assert.deepEqual(wrong, []);
	await context.close();
});

test("a selection is made by kind, search and ticks, with what it refers to", async () => {
	const { page, context, wrong } = await goOn(`${connector.url}#/s/slapd/export?to=ldif`);
	await page.getByRole("button", { name: "a selection" }).click();
	await page.getByText("Select the definitions to export.").waitFor();
	await page.locator("#export-search").fill("inetOrgPerson");
	const tick = page.locator('.ticks input[data-name="inetOrgPerson"]');
	await tick.focus();
	await page.keyboard.press("Space");
	const output = page.locator(preview);
	await output.getByText("NAME 'inetOrgPerson'").waitFor();
	assert.doesNotMatch((await output.textContent()) ?? "", /NAME 'organizationalPerson'|NAME 'top'/);
	await page.locator('input[name="needed"]').check();
	await output.getByText("NAME 'organizationalPerson'").waitFor();
	const whole = (await output.textContent()) ?? "";
	for (const needed of ["NAME 'top'", "NAME 'telephoneNumber'", "NAME 'caseIgnoreMatch'", "DESC 'Directory String'"])
		assert.ok(whole.includes(needed), needed);
	assert.doesNotMatch(whole, /NAME 'posixAccount'/);
	await page.getByText(/with \d+ definitions that the selection refers to/).waitFor();
	assert.equal(
		new URL(page.url()).hash,
		"#/s/slapd/export?to=ldif&of=selection&objectClasses=inetOrgPerson&needed=yes",
	);
	await accessibleInBoth(page, "the selection");

	await page.locator('input[name="needed"]').uncheck();
	await page.locator("#export-search").fill("");
	await page.locator('.picker button[data-value="ldapSyntaxes"]').click();
	await page.locator("#select-found").click();
	await page.waitForFunction(() => location.hash.includes("ldapSyntaxes=*"));
	await output.getByText("DESC 'Directory String'").waitFor();
	await tick.waitFor({ state: "detached" });
	await page.reload();
	await output.getByText("DESC 'Directory String'").waitFor();
	assert.match((await output.textContent()) ?? "", /NAME 'inetOrgPerson'/);
	await page.locator('.picker button[data-value="ldapSyntaxes"]').click();
	await page.locator("#unselect-found").click();
	await output.getByText("DESC 'Directory String'").waitFor({ state: "detached" });
	await page.getByRole("button", { name: "JSON Schema", exact: true }).click();
	await output.getByText('"$schema"').waitFor();
	assert.deepEqual(Object.keys(JSON.parse((await output.textContent()) ?? "").properties).includes("jpegPhoto"), true);
	assert.deepEqual(wrong, []);
	await context.close();
});

test("it fits on a phone, and says what a format cannot hold", async () => {
	const { page, context } = await openPage(browser, `${connector.url}#/s/slapd/export?to=openldap`, {
		viewport: { width: 390, height: 844 },
	});
	await page.locator(".changes-made summary").click();
	await page.locator(".changes-made li").first().waitFor();
	await fits(page);
	await page.goto(`${connector.url}#/s/slapd/export?to=openldap&of=selection&objectClasses=person`);
	await page.locator(preview).getByText("NAME 'person'").waitFor();
	await fits(page);
	await accessibleInBoth(page, "the export on a phone");
	await context.close();
});
