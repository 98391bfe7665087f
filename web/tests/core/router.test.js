import assert from "node:assert/strict";
import { test } from "node:test";
import { chatPath, parsePath, settingsPath, spacePath } from "../../src/core/router.js";

test("addresses are understood", () => {
  assert.deepEqual(parsePath("/"), { name: "home" });
  assert.deepEqual(parsePath("/s/7"), { name: "space", spaceId: 7 });
  assert.deepEqual(parsePath("/c/7"), { name: "chat", chatId: 7, seq: null });
  assert.deepEqual(parsePath("/c/7/90"), { name: "chat", chatId: 7, seq: 90 });
  assert.deepEqual(parsePath("/settings"), { name: "settings", section: "" });
  assert.deepEqual(parsePath("/settings/sessions"), { name: "settings", section: "sessions" });
});

test("everything else is unknown", () => {
  for (const path of [
    "/c",
    "/c/",
    "/c/x",
    "/c/0",
    "/c/-1",
    "/c/1/",
    "/c/1/2/3",
    "/s/1e3",
    "/s/99999999999999999",
    "/settings/a/b",
    "//",
    "/docs",
  ]) {
    assert.deepEqual(parsePath(path), { name: "unknown" }, path);
  }
});

test("made addresses are understood as what they were made of", () => {
  assert.deepEqual(parsePath(spacePath(3)), { name: "space", spaceId: 3 });
  assert.deepEqual(parsePath(chatPath(3)), { name: "chat", chatId: 3, seq: null });
  assert.deepEqual(parsePath(chatPath(3, 4)), { name: "chat", chatId: 3, seq: 4 });
  assert.deepEqual(parsePath(settingsPath("appearance")), { name: "settings", section: "appearance" });
});
