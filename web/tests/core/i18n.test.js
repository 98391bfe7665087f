import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { afterEach, test } from "node:test";
import { en } from "../../locales/en.js";
import { ru } from "../../locales/ru.js";
import { formatAgo, formatCount, formatDay, formatWait, language, rich, t } from "../../src/core/i18n.js";

const SOURCE = new URL("../../src/", import.meta.url);
/** Keys that are put together from a part and a value. */
const FAMILIES = [
  "login.",
  "register.",
  "problem.",
  "permission.",
  "field.",
  "scheme.",
  "size.",
  "theme.",
  "settings.",
  "session.",
];

const forms = (phrase) => (typeof phrase === "string" ? [phrase] : Object.values(phrase));
const placeholders = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

afterEach(() => {
  language.value = "en";
});

test("both languages have the same phrases", () => {
  assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort());
});

test("every form of a phrase has the same placeholders in both languages", () => {
  for (const key of Object.keys(en)) {
    const all = [...forms(en[key]), ...forms(ru[key])].map(placeholders);
    for (const each of all) assert.deepEqual(each, all[0], key);
  }
});

test("phrases with plural forms have every form their language knows", () => {
  for (const [code, phrases] of Object.entries({ en, ru })) {
    const known = new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted();
    for (const [key, phrase] of Object.entries(phrases)) {
      if (typeof phrase !== "string") assert.deepEqual(Object.keys(phrase).sort(), known, `${code} ${key}`);
      assert.equal(typeof phrase, typeof en[key], key);
    }
  }
});

test("no phrase is empty or left in the other language", () => {
  for (const [key, phrase] of Object.entries(ru)) {
    for (const text of forms(phrase)) {
      assert.ok(text.trim(), key);
      assert.ok(key === "app.name" || /[а-яё]|^\{/i.test(text), `${key}: ${text}`);
    }
  }
});

test("every phrase that is asked for exists, and every phrase is asked for", async () => {
  const sources = await Promise.all(
    (await readdir(SOURCE, { recursive: true }))
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFile(new URL(name, SOURCE), "utf8")),
  );
  const all = sources.join("\n");
  const asked = [
    ...all.matchAll(/\b(?:t|rich)\(\s*(?:[^()"`]+\? *)?"([a-z_.]+)"(?: *: *"([a-z_.]+)")?/g),
  ].flatMap(([, ...keys]) => keys.filter(Boolean));
  for (const key of asked) assert.ok(Object.hasOwn(en, key), key);
  for (const key of Object.keys(en)) {
    const isMade = FAMILIES.some((family) => key.startsWith(family));
    assert.ok(isMade || all.includes(`"${key}"`), `${key} is never used`);
  }
});

test("the number chooses the form, and is written as the language does", () => {
  assert.equal(t("card.members", { count: 1 }), "1 member");
  assert.equal(t("card.members", { count: 1200 }), "1,200 members");
  language.value = "ru";
  assert.deepEqual(
    [1, 2, 5, 11, 21, 22, 111].map((count) => t("card.members", { count })),
    [
      "1 участник",
      "2 участника",
      "5 участников",
      "11 участников",
      "21 участник",
      "22 участника",
      "111 участников",
    ],
  );
});

test("what is put into a phrase stays what it is", () => {
  const name = { any: "template" };
  assert.deepEqual(rich("typing.one", { first: name }), ["", name, " is typing"]);
  assert.equal(t("space.ready", { name: "{name}" }), "“{name}” is ready", "nothing is put in twice");
});

test("days and times are said as people say them", () => {
  const now = new Date(2026, 10, 23, 12).getTime();
  const hour = 3_600_000;
  assert.match(formatDay(now - hour, now), /^Today, /);
  assert.match(formatDay(now - 24 * hour, now), /^Yesterday, /);
  assert.match(formatDay(now - 48 * hour, now), /^Saturday/);
  assert.match(formatDay(now - 400 * 24 * hour, now), /2025/);
  assert.equal(formatAgo(now - 5 * 60_000, now), "5 minutes ago");
  assert.equal(formatAgo(now, now), "now");
  assert.equal(formatWait(42), "42 seconds");
  assert.equal(formatWait(840), "14 minutes");
  assert.deepEqual([99, 100].map(formatCount), ["99", "99+"]);
});
