import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { signal } from "../../src/core/signals.js";
import { createLive } from "../../src/state/live.js";
import { createStore } from "../../src/state/store.js";
import { createTimelines } from "../../src/state/timelines.js";
import { ALICE, BOB, ModelServer } from "./model_server.js";

const CHAT = 1;

/** A client with a model server behind it and the clock in the test's hand. */
async function desk(t, { isShown = true } = {}) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const server = new ModelServer();
  server.send(ALICE, CHAT, "first");
  const store = createStore();
  const asked = [];
  const client = {
    async snapshot() {
      asked.push("snapshot");
      return server.snapshot(BOB.id);
    },
    async page(chatId, query) {
      asked.push(`page ${JSON.stringify(query)}`);
      return server.page(chatId, query);
    },
    async changes(chatId, since) {
      asked.push(`changes since ${since}`);
      return server.changes(chatId, since, 5);
    },
  };
  const reading = { shownChat: signal(isShown ? CHAT : null), position: signal(null) };
  const timelines = createTimelines({ store, client, ready: async () => {} });
  const reload = mock.fn();
  const pulse = { cursor: "c2", chats: {}, spaces: {} };
  const live = createLive({ store, client, call: async () => pulse, timelines, reading, reload });
  t.after(() => {
    live.stop();
    mock.timers.reset();
  });
  live.start();
  await settled();
  await timelines.open(CHAT, null);
  asked.length = 0;
  const hear = (events) => events.forEach(({ name, data }) => store.apply(name, data));
  const texts = () => store.peek().timelines[CHAT]?.messages.map(({ content }) => content);
  return { server, store, asked, live, reload, hear, texts, reading, pulse, client };
}

/** @param {number} milliseconds */
async function pass(milliseconds) {
  await settled(); // what is on its way sets its timers first
  mock.timers.tick(milliseconds);
  await settled();
}

test("a gap that is filled in time costs no request", async (t) => {
  const here = await desk(t);
  const missing = here.server.send(ALICE, CHAT, "second");
  here.hear(here.server.send(ALICE, CHAT, "third"));
  await pass(250);
  here.hear(missing);
  await pass(2000);
  assert.deepEqual(here.asked, []);
  assert.deepEqual(here.texts(), ["first", "second", "third"]);
});

test("a gap that stays is fetched: what changed in the shown chat", async (t) => {
  const here = await desk(t);
  here.server.send(ALICE, CHAT, "second");
  here.hear(here.server.send(ALICE, CHAT, "third"));
  await pass(1000);
  assert.deepEqual(here.asked, ["changes since 1"]);
  assert.deepEqual(here.texts(), ["first", "second", "third"]);
});

for (const [name, position, query] of [
  ["who reads at the end, the newest page", null, '{"limit":100}'],
  ["who reads far up, the page around it", 1, '{"around":1,"limit":100}'],
]) {
  test(`after too many changes one page is fetched: for ${name}`, async (t) => {
    const here = await desk(t);
    here.reading.position.value = position;
    for (let count = 0; count < 8; count++) here.server.send(ALICE, CHAT, "missed");
    here.hear(here.server.send(ALICE, CHAT, "heard"));
    await pass(1000);
    assert.deepEqual(here.asked, ["changes since 1", `page ${query}`]);
    assert.equal(here.texts().length, 10);
  });
}

test("the window of a chat that is not shown is forgotten instead", async (t) => {
  const here = await desk(t);
  here.reading.shownChat.value = null;
  here.server.send(ALICE, CHAT, "second");
  here.hear(here.server.send(ALICE, CHAT, "third"));
  await pass(1000);
  assert.deepEqual(here.asked, []);
  assert.equal(here.texts(), undefined);
});

test("several reasons to fetch the snapshot make one request", async (t) => {
  const here = await desk(t);
  for (const scope of ["me", "space"]) here.store.apply("sync_required", { scope, id: 1 });
  here.server.rename("missed");
  here.hear(here.server.rename("heard"));
  await pass(1000);
  assert.deepEqual(here.asked, ["snapshot"]);
  assert.equal(here.store.peek().isStale, false);
});

test("what is heard while the snapshot is on its way is not lost", async (t) => {
  const here = await desk(t);
  const answer = here.server.snapshot(BOB.id);
  here.client.snapshot = async () => {
    here.hear(here.server.rename("heard meanwhile"));
    here.hear(here.server.createChat("new"));
    return answer;
  };
  here.store.apply("sync_required", {});
  await pass(1000);
  assert.equal(here.store.peek().spaces[1].name, "heard meanwhile");
  assert.ok(here.store.peek().chats[2]);
});

test("after reconnecting, the snapshot and the changes of the shown chat are fetched", async (t) => {
  const here = await desk(t);
  await here.live.greeted({ epoch: "e1", cursor: "c1" });
  assert.deepEqual(here.asked, [], "nothing moved since the first snapshot");
  here.server.send(ALICE, CHAT, "missed while away");
  await here.live.greeted({ epoch: "e1", cursor: "c9" });
  await pass(1000);
  assert.deepEqual(here.asked, ["snapshot", "changes since 1"]);
  assert.deepEqual(here.texts(), ["first", "missed while away"]);
});

test("a failed snapshot is asked for again", async (t) => {
  const here = await desk(t);
  const { snapshot } = here.client;
  let failures = 2;
  here.client.snapshot = async () => {
    if (failures-- > 0) throw new Error("no network");
    return snapshot();
  };
  here.store.apply("sync_required", {});
  for (let step = 0; step < 4; step++) await pass(4000);
  assert.equal(here.store.peek().isStale, false);
});

test("another database behind the same address reloads the page", async (t) => {
  const here = await desk(t);
  here.client.snapshot = async () => ({ ...here.server.snapshot(BOB.id), epoch: "restored" });
  here.store.apply("sync_required", {});
  await pass(1000);
  assert.equal(here.reload.mock.callCount(), 1);
});

test("a heartbeat that knows more than the events told has it fetched", async (t) => {
  const here = await desk(t);
  here.server.send(ALICE, CHAT, "never told");
  here.pulse.chats = { [CHAT]: here.server.chats.get(CHAT).revision };
  await pass(31_000);
  for (let step = 0; step < 4; step++) await pass(1000);
  assert.deepEqual(here.texts(), ["first", "never told"]);
});

const settled = () =>
  new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
