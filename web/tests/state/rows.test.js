import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsOf } from "../../src/state/rows.js";
import { ALICE, BOB } from "./model_server.js";

const NOON = new Date(2026, 10, 23, 12).getTime();
const READER = { me: BOB, readSeq: Infinity, hasOlder: false };

/** @param {number} seq @param {number} minutes after noon */
const message = (seq, minutes, author = ALICE, more = {}) => ({
  id: seq,
  chat_id: 1,
  seq,
  author,
  created_at: new Date(NOON + minutes * 60_000).toISOString(),
  ...more,
});
const marks = (rows, mark) => rows.filter((row) => row[mark]).map((row) => row.message.seq);

test("messages of one author within five minutes of each other are one group", () => {
  const rows = rowsOf([message(1, 0), message(2, 4), message(3, 8.9), message(4, 13.9)], [], READER);
  assert.deepEqual(marks(rows, "isFirst"), [1, 4]);
});

test("another author, an answer and a new day begin a group", () => {
  const messages = [
    message(1, 0),
    message(2, 1, BOB),
    message(3, 2, BOB, { reply_to: { id: 1 } }),
    message(4, 720, BOB),
  ];
  const rows = rowsOf(messages, [], READER);
  assert.deepEqual(marks(rows, "isFirst"), [1, 2, 3, 4]);
  assert.deepEqual(marks(rows, "startsDay"), [1, 4]);
});

test("the new line stands once, before the first message of another after what was read", () => {
  const messages = [message(1, 0), message(2, 1), message(3, 2, BOB), message(4, 3), message(5, 4)];
  assert.deepEqual(marks(rowsOf(messages, [], { ...READER, readSeq: 2 }), "startsNew"), [4]);
  assert.deepEqual(marks(rowsOf(messages, [], { ...READER, readSeq: 5 }), "startsNew"), []);
});

test("there is no new line where it would only be the end of what is loaded", () => {
  const messages = [message(8, 0), message(9, 1)];
  assert.deepEqual(marks(rowsOf(messages, [], { ...READER, readSeq: 3, hasOlder: true }), "startsNew"), []);
  assert.deepEqual(marks(rowsOf(messages, [], { ...READER, readSeq: 0, hasOlder: false }), "startsNew"), [8]);
});

test("a waiting message goes on the group of one's last one and keeps its key when it is confirmed", () => {
  const last = message(1, 0, BOB, { nonce: "n1" });
  const sent = {
    nonce: "n2",
    chatId: 1,
    content: "x",
    replyTo: null,
    createdAt: message(2, 1).created_at,
    messageId: null,
  };
  const waiting = rowsOf([last], [sent], READER);
  assert.deepEqual(
    waiting.map(({ isFirst }) => isFirst),
    [true, false],
  );
  const confirmed = rowsOf([last, message(2, 1, BOB, { nonce: "n2" })], [], READER);
  assert.deepEqual(
    confirmed.map(({ key }) => key),
    waiting.map(({ key }) => key),
  );
});
