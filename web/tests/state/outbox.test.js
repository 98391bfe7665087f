import assert from "node:assert/strict";
import { test } from "node:test";
import { noAnswer, Problem, timedOut } from "../../src/core/problem.js";
import { signal } from "../../src/core/signals.js";
import { createOutbox } from "../../src/state/outbox.js";
import { applySnapshot, placePage } from "../../src/state/pages.js";
import { rowsOf } from "../../src/state/rows.js";
import { createStore } from "../../src/state/store.js";
import { ALICE, BOB, ModelServer } from "./model_server.js";

const CHAT = 1;

/** Bob at the end of the first chat; `answer` plays the server's part for each attempt. */
function desk(answer) {
  const server = new ModelServer();
  const store = createStore();
  store.update((state) => placePage(applySnapshot(state, server.snapshot(BOB.id)), CHAT, server.page(CHAT)));
  const isOnline = signal(true);
  const sent = [];
  const waits = [];
  const outbox = createOutbox({
    store,
    isOnline,
    wait: async (milliseconds) => void waits.push(milliseconds),
    async call(event, request) {
      sent.push({ event, ...request });
      return answer(request, sent.length);
    },
  });
  const stored = ({ content, nonce }) => server.send(BOB, CHAT, content, { nonce })[0].data;
  return { server, store, isOnline, sent, waits, outbox, stored };
}

const shown = ({ store }) => {
  const state = store.peek();
  const { messages, hasOlder } = state.timelines[CHAT];
  return rowsOf(messages, state.outbox, { me: state.me, readSeq: Infinity, hasOlder });
};
const texts = (here) => shown(here).map(({ message }) => message.content);

test("a message is shown at once and confirmed in its place", async () => {
  const here = desk((request) => here.stored(request));
  const sending = here.outbox.send(CHAT, "hello", null);
  const [pending] = shown(here);
  assert.equal(pending.outgoing.status, "pending");
  await sending;
  const [confirmed] = shown(here);
  assert.equal(confirmed.outgoing, null);
  assert.equal(confirmed.key, pending.key, "the same row");
  assert.deepEqual(here.store.peek().outbox, []);
});

test("the event may come before the acknowledgement", async () => {
  const here = desk((request) => {
    const message = here.stored(request);
    here.store.apply("new_message", message);
    assert.deepEqual(here.store.peek().outbox, []);
    return message;
  });
  await here.outbox.send(CHAT, "hello", null);
  assert.deepEqual(texts(here), ["hello"]);
});

test("messages of a chat go one after the other, in the order they were written", async () => {
  const releases = [];
  const here = desk(
    (request) =>
      new Promise((resolve) => {
        releases.push(() => resolve(here.stored(request)));
      }),
  );
  const done = Promise.all(["one", "two", "three"].map((text) => here.outbox.send(CHAT, text, null)));
  for (let count = 1; count <= 3; count++) {
    await settled();
    assert.equal(here.sent.length, count);
    releases[count - 1]();
  }
  await done;
  await settled();
  assert.deepEqual(
    here.sent.map(({ content }) => content),
    ["one", "two", "three"],
  );
  assert.deepEqual(texts(here), ["one", "two", "three"]);
});

for (const [name, problem] of [
  ["a timeout", timedOut()],
  ["a busy server", new Problem({ code: "unavailable", retryable: true })],
]) {
  test(`after ${name} the same nonce is sent again`, async () => {
    const here = desk((request, attempt) => {
      if (attempt < 3) throw problem;
      return here.stored(request);
    });
    await here.outbox.send(CHAT, "hello", null);
    assert.equal(here.sent.length, 3);
    assert.equal(new Set(here.sent.map(({ nonce }) => nonce)).size, 1);
    assert.deepEqual(here.waits, [1000, 2000]);
    assert.deepEqual(texts(here), ["hello"]);
  });
}

test("a limit's time is waited for", async () => {
  const limited = new Problem({ code: "rate_limited", retryable: true, params: { retry_after_seconds: 4 } });
  const here = desk((request, attempt) => {
    if (attempt === 1) throw limited;
    return here.stored(request);
  });
  await here.outbox.send(CHAT, "hello", null);
  assert.deepEqual(here.waits, [4000]);
});

test("a lost answer is not stored twice: the repeated nonce settles it", async () => {
  const here = desk((request, attempt) => {
    if (attempt > 1)
      return { id: 1, chat_id: CHAT, seq: 1, revision: 1, nonce: request.nonce, duplicate: true };
    here.message = here.stored(request);
    throw timedOut();
  });
  await here.outbox.send(CHAT, "hello", null);
  assert.deepEqual(
    here.store.peek().outbox.map(({ status, messageId }) => [status, messageId]),
    [["sent", 1]],
  );
  assert.deepEqual(texts(here), ["hello"], "shown once, though its place is not known yet");
  here.store.update((state) => placePage(state, CHAT, here.server.page(CHAT)));
  assert.deepEqual(here.store.peek().outbox, []);
  assert.deepEqual(texts(here), ["hello"]);
});

test("a refusal fails at once, says why, and lets the next one go", async () => {
  const here = desk((request) => {
    if (request.content === "refused")
      throw new Problem({ code: "forbidden", params: { permission: "send_messages" } });
    return here.stored(request);
  });
  await Promise.all([here.outbox.send(CHAT, "refused", null), here.outbox.send(CHAT, "fine", null)]);
  await settled();
  const [failed] = here.store.peek().outbox;
  assert.deepEqual(
    [failed.status, failed.problem.code, failed.problem.params],
    ["failed", "forbidden", { permission: "send_messages" }],
  );
  assert.deepEqual(texts(here), ["fine", "refused"]);
});

test("what never gets an answer fails in the end, and may be tried again with its nonce or thrown away", async () => {
  let isDeaf = true;
  const here = desk((request) => {
    if (isDeaf) throw timedOut();
    return here.stored(request);
  });
  await here.outbox.send(CHAT, "hello", null);
  const [failed] = here.store.peek().outbox;
  assert.equal(failed.status, "failed");
  assert.equal(failed.problem.code, "timeout");
  isDeaf = false;
  await here.outbox.retry(failed);
  assert.equal(new Set(here.sent.map(({ nonce }) => nonce)).size, 1);
  assert.deepEqual(texts(here), ["hello"]);
  isDeaf = true;
  await here.outbox.send(CHAT, "second thoughts", null);
  here.outbox.discard(here.store.peek().outbox[0]);
  assert.deepEqual(texts(here), ["hello"]);
});

test("offline, messages wait without counting attempts", async () => {
  const here = desk((request, attempt) => {
    if (attempt <= 20) throw noAnswer();
    return here.stored(request);
  });
  here.isOnline.value = false;
  const sending = here.outbox.send(CHAT, "kept", null);
  await settled();
  assert.equal(here.sent.length, 0);
  assert.equal(shown(here)[0].outgoing.status, "pending");
  here.isOnline.value = true;
  await sending;
  assert.deepEqual(texts(here), ["kept"]);
});

test("an acknowledgement ahead of others' events counts as sent and takes its place when they come", async () => {
  const here = desk((request) => {
    here.earlier = here.server.send(ALICE, CHAT, "a moment before");
    return here.stored(request);
  });
  await here.outbox.send(CHAT, "mine", null);
  assert.equal(here.store.peek().outbox[0].status, "sent");
  assert.deepEqual(texts(here), ["mine"]);
  here.store.apply("new_message", here.earlier[0].data);
  assert.deepEqual(texts(here), ["a moment before", "mine"]);
  assert.deepEqual(here.store.peek().outbox, []);
});

/** All that can happen without anything new has happened. */
const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
