import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { applySnapshot } from "../../src/state/pages.js";
import { createReading } from "../../src/state/reading.js";
import { createStore } from "../../src/state/store.js";
import { ALICE, BOB, ModelServer } from "./model_server.js";

const CHAT = 1;

function desk(t) {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const server = new ModelServer();
  server.send(ALICE, CHAT, "unread");
  const store = createStore();
  store.update((state) => applySnapshot(state, server.snapshot(BOB.id)));
  const calls = [];
  const reading = createReading({
    store,
    async call(event, { chat_id: chatId, seq }) {
      calls.push([event, seq]);
      return server.markRead(chatId, seq)[0].data;
    },
  });
  return { server, store, reading, calls };
}

test("reaching the end is told once, after a pause", async (t) => {
  const { store, reading, calls } = desk(t);
  for (let count = 0; count < 5; count++) reading.reachedEnd(CHAT);
  mock.timers.tick(1000);
  await Promise.resolve();
  assert.deepEqual(calls, [["mark_read", 1]]);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  assert.equal(store.peek().chats[CHAT].unread, 0);
  reading.reachedEnd(CHAT);
  mock.timers.tick(1000);
  assert.equal(calls.length, 1, "nothing new, nothing told");
});

test("what comes within the pause was not seen", (t) => {
  const { server, store, reading, calls } = desk(t);
  reading.reachedEnd(CHAT);
  for (const { name, data } of server.send(ALICE, CHAT, "later")) store.apply(name, data);
  mock.timers.tick(1000);
  assert.deepEqual(calls, [["mark_read", 1]]);
});
