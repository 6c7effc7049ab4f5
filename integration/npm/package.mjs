// The npm package as it is published: packed, unpacked where nothing else is, and imported from there.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../browser/processes.mjs";

const run = promisify(execFile);

/** Packs dist/npm and unpacks it as an installation has it: in node_modules/ldapedge of the folder that is returned. */
export async function install() {
	const folder = await mkdtemp(join(tmpdir(), "ldapedge-npm-"));
	const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
		cwd: join(root, "dist/npm"),
	});
	const [{ filename }] = JSON.parse(stdout);
	const place = join(folder, "node_modules/ldapedge");
	await mkdir(place, { recursive: true });
	await run("tar", ["-xzf", join(folder, filename), "-C", place, "--strip-components=1"]);
	return {
		folder,
		/**
		 * A script of the package.
		 * @param {string} script
		 */
		path: (script = "index.js") => join(place, "dist", script),
		remove: () => rm(folder, { recursive: true }),
	};
}
