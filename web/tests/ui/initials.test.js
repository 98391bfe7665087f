import assert from "node:assert/strict";
import { test } from "node:test";
import { initials } from "../../src/ui/avatar/initials.js";
import { toneOf, toneOfRole } from "../../src/ui/avatar/tone.js";

test("two words give a letter each, one word its first two", () => {
  assert.equal(initials("Алиса Вернер"), "АВ");
  assert.equal(initials("alice.werner"), "AW");
  assert.equal(initials("Обсерватория"), "Об");
  assert.equal(initials("  Mia  "), "Mi");
});

test("a letter of many code points stays whole, and nothing gives nothing", () => {
  assert.equal(initials("👩‍🚀 Ann"), "👩‍🚀A");
  assert.equal(initials("é"), "É");
  assert.equal(initials(" "), "");
});

test("tones go from 1 to 12 by id; a role's tone counts from 0", () => {
  assert.deepEqual([toneOf(1), toneOf(11), toneOf(12)], ["2", "12", "1"]);
  assert.deepEqual(
    [toneOfRole(0), toneOfRole(11), toneOfRole(null), toneOfRole(undefined)],
    ["1", "12", "none", "none"],
  );
});
