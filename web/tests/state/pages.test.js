import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEvent } from "../../src/state/apply_event.js";
import { EMPTY } from "../../src/state/model.js";
import { applySnapshot, extendTimeline, placePage, trimTimeline } from "../../src/state/pages.js";
import { WINDOW } from "../../src/state/timeline_events.js";
import { ALICE, BOB, ModelServer } from "./model_server.js";

const CHAT = 1;

/** @param {number} count */
function longHistory(count) {
  const server = new ModelServer();
  for (let seq = 1; seq <= count; seq++) server.send(ALICE, CHAT, `message ${seq}`);
  return server;
}

const opened = (server, query) =>
  placePage(applySnapshot(EMPTY, server.snapshot(BOB.id)), CHAT, server.page(CHAT, query));
const windowOf = (state) => state.timelines[CHAT];
const seqs = (state) => windowOf(state).messages.map(({ seq }) => seq);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("the newest page knows that there is older, and that nothing is newer", () => {
  const state = opened(longHistory(80));
  assert.deepEqual(seqs(state), range(31, 80));
  assert.deepEqual([windowOf(state).hasOlder, windowOf(state).hasNewer], [true, false]);
});

test("scrolling up to the first message and down again never leaves a hole and stays bounded", () => {
  const server = longHistory(500);
  let state = opened(server);
  while (windowOf(state).hasOlder) {
    const page = server.page(CHAT, { before: seqs(state)[0] });
    state = extendTimeline(state, CHAT, "older", page);
    assert.deepEqual(seqs(state), range(seqs(state)[0], seqs(state).at(-1)));
    assert.ok(seqs(state).length <= WINDOW);
  }
  assert.equal(seqs(state)[0], 1);
  assert.equal(windowOf(state).hasNewer, true);
  while (windowOf(state).hasNewer) {
    const page = server.page(CHAT, { after: seqs(state).at(-1) });
    state = extendTimeline(state, CHAT, "newer", page);
    assert.deepEqual(seqs(state), range(seqs(state)[0], seqs(state).at(-1)));
  }
  assert.equal(seqs(state).at(-1), 500);
  assert.equal(windowOf(state).hasOlder, true);
});

test("a new message does not appear under a window that ends before the present", () => {
  const server = longHistory(200);
  const state = opened(server, { around: 50 });
  const after = server.send(ALICE, CHAT, "live").reduce(applyEvent, state);
  assert.deepEqual(seqs(after), seqs(state));
  assert.equal(windowOf(after).revision, after.chats[CHAT].revision, "it counts as heard all the same");
  assert.equal(after.chats[CHAT].last_seq, 201);
});

test("an older page that was read before an edit heard meanwhile shows the edit", () => {
  const server = longHistory(80);
  const state = opened(server);
  const page = server.page(CHAT, { before: 31 });
  const events = server.edit(server.chats.get(CHAT).messages[9], "edited meanwhile");
  const extended = extendTimeline(events.reduce(applyEvent, state), CHAT, "older", page, events);
  assert.equal(windowOf(extended).messages.find(({ seq }) => seq === 10).content, "edited meanwhile");
});

test("messages that came while the page was on its way stand after it", () => {
  const server = longHistory(3);
  const state = applySnapshot(EMPTY, server.snapshot(BOB.id));
  const page = server.page(CHAT);
  const events = server.send(ALICE, CHAT, "just now");
  const placed = placePage(events.reduce(applyEvent, state), CHAT, page, events);
  assert.deepEqual(seqs(placed), [1, 2, 3, 4]);
});

test("a reader far from the end of a busy chat does not collect it all; at the end the oldest are let go", () => {
  const server = longHistory(1);
  let state = opened(server);
  for (let count = 0; count < 3 * WINDOW; count++)
    state = server.send(ALICE, CHAT, "busy").reduce(applyEvent, state);
  assert.equal(seqs(state).length, 2 * WINDOW);
  assert.equal(windowOf(state).hasNewer, true);
  assert.equal(seqs(trimTimeline(state, CHAT)).length, WINDOW);
});

test("a snapshot with later revisions leaves the window standing, known to be behind", () => {
  const server = longHistory(3);
  const state = opened(server);
  server.send(ALICE, CHAT, "missed while away");
  const after = applySnapshot(state, server.snapshot(BOB.id));
  assert.deepEqual(seqs(after), [1, 2, 3]);
  assert.ok(windowOf(after).revision < after.chats[CHAT].revision);
});

test("a chat that is gone from the snapshot takes its window along", () => {
  const server = longHistory(3);
  const state = opened(server);
  server.deleteChat(CHAT);
  assert.deepEqual(applySnapshot(state, server.snapshot(BOB.id)).timelines, {});
});
