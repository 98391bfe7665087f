import assert from "node:assert/strict";
import { test } from "node:test";
import { findEmoji, GROUPS, knownEmoji } from "../../src/ui/emoji/emoji-data.js";

const found = (/** @type {string} */ query) => findEmoji(query).map(({ emoji }) => emoji);

test("every emoji is listed once and has a name in both languages", () => {
  const all = GROUPS.flatMap(({ emoji }) => emoji);
  assert.equal(new Set(all.map(({ emoji }) => emoji)).size, all.length);
  for (const { emoji, names } of all) {
    assert.match(names.en, /^[a-z0-9 -]+$/, emoji);
    assert.match(names.ru, /^[а-яё0-9 -]+$/, emoji);
    assert.match(emoji, /^\P{L}+$/u);
  }
});

test("an emoji is found by the beginning of its words in either language, whatever the case", () => {
  assert.ok(found("теле").includes("🔭"));
  assert.ok(found("TELESC").includes("🔭"));
  assert.deepEqual(found("red flag"), ["🚩"]);
  assert.deepEqual(found("lescope"), []);
});

test("what is not in the set is unknown", () => {
  assert.equal(knownEmoji("🔭")?.names.en, "telescope");
  assert.equal(knownEmoji("x"), undefined);
});
