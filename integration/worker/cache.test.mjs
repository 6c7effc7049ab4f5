// What the Worker keeps in its own memory, where no other tier is: here there is neither a Cache API nor KV.
import assert from "node:assert/strict";
import { test } from "node:test";
import { source } from "./source.mjs";

const { Cache } = await source("cache.ts");
const context = { waitUntil() {} };
const mebibyte = 1 << 20;

/** @param {number} [of] */
const bytes = (of = 1, length = 10) => new Uint8Array(length).fill(of);

test("an entry ends when it says", async (t) => {
	t.mock.timers.enable({ apis: ["Date"] });
	const cache = new Cache({});
	assert.equal(await cache.look("a"), undefined);
	cache.store("a", bytes(1), 10, context);
	cache.store("b", bytes(2), 0, context);
	t.mock.timers.tick(9_999);
	assert.deepEqual(await cache.look("a"), bytes(1));
	assert.equal(await cache.look("b"), undefined);
	t.mock.timers.tick(1);
	assert.equal(await cache.look("a"), undefined);
});

test("memory is bounded, and what was used last stays", async () => {
	const cache = new Cache({});
	for (let i = 0; i < 7; i++) cache.store(`${i}`, bytes(i, mebibyte), 600, context);
	assert.deepEqual(await cache.look("0"), bytes(0, mebibyte));
	for (let i = 7; i < 10; i++) cache.store(`${i}`, bytes(i, mebibyte), 600, context);
	const kept = [];
	for (let i = 0; i < 10; i++) if (await cache.look(`${i}`)) kept.push(i);
	assert.deepEqual(kept, [0, 4, 5, 6, 7, 8, 9]);
});

test("an entry takes the place of that of before, and a large one is not kept in memory", async () => {
	const cache = new Cache({});
	for (let i = 0; i < 100; i++) cache.store("a", bytes(i, mebibyte), 600, context);
	cache.store("b", bytes(1, mebibyte), 600, context);
	assert.deepEqual(await cache.look("a"), bytes(99, mebibyte));
	assert.deepEqual(await cache.look("b"), bytes(1, mebibyte));
	cache.store("b", bytes(2, 3 * mebibyte), 600, context);
	assert.equal(await cache.look("b"), undefined);
});
