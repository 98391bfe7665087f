import { problemOf } from "../core/problem.js";
import { newNonce } from "../core/random.js";
import { until } from "../core/signals.js";
import { excerptOf } from "./timeline_events.js";

const MAX_TRIES = 6;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 20_000;

/** @typedef {import("./model.js").OutgoingMessage} OutgoingMessage */

/**
 * Sends messages in the order they were written: per chat one at a time, the next after the previous acknowledgement, the
 * same nonce until an answer is final. While offline they wait.
 * @param {object} options
 * @param {import("./store.js").Store} options.store
 * @param {(event: string, data: object) => Promise<any>} options.call
 * @param {import("../core/signals.js").ReadonlySignal<boolean>} options.isOnline
 * @param {(milliseconds: number) => Promise<void>} [options.wait]
 */
export function createOutbox({ store, call, isOnline, wait = sleep }) {
  /** @type {Set<number>} chats something is being sent to */
  const busy = new Set();

  /** @param {number} chatId */
  const next = (chatId) =>
    store.peek().outbox.find((each) => each.chatId === chatId && each.status === "pending");
  /** @param {OutgoingMessage} message whether it is still to be sent: not discarded, not arrived by its event */
  const isPending = ({ nonce }) =>
    store.peek().outbox.some((each) => each.nonce === nonce && each.status === "pending");

  /** @param {number} chatId */
  const pump = async (chatId) => {
    if (busy.has(chatId)) return;
    busy.add(chatId);
    for (let message = next(chatId); message; message = next(chatId)) await deliver(message);
    busy.delete(chatId);
  };

  /** @param {OutgoingMessage} message */
  const deliver = async (message) => {
    for (let tries = 1; isPending(message); tries++) {
      await until(isOnline, Boolean);
      try {
        accept(message, await call("send_message", requestOf(message)));
      } catch (error) {
        const problem = problemOf(error);
        if (problem.code === "network") tries--; // the connection went away: waiting for it is no attempt
        if (!problem.retryable || tries >= MAX_TRIES) fail(message, problem);
        else await wait(delayOf(problem, tries));
      }
    }
  };

  /** @param {OutgoingMessage} message @param {any} answer */
  const accept = ({ nonce }, answer) =>
    answer.duplicate
      ? store.apply("outbox_stored", answer)
      : store.apply("new_message", { nonce, ...answer });

  /** @param {OutgoingMessage} message @param {import("../core/problem.js").Problem} problem */
  const fail = ({ nonce }, { code, title, params, errors, retryAfter }) =>
    store.apply("outbox_failed", { nonce, problem: { code, title, params, errors, retryAfter } });

  return {
    /** @param {number} chatId @param {string} content @param {import("./model.js").Message | null} replyTo */
    send(chatId, content, replyTo) {
      /** @type {OutgoingMessage} */
      const message = {
        nonce: newNonce(),
        chatId,
        content,
        replyTo: replyTo && quoteOf(replyTo),
        createdAt: new Date().toISOString(),
        status: "pending",
        problem: null,
        messageId: null,
      };
      store.apply("outbox_added", message);
      return pump(chatId);
    },
    /** @param {OutgoingMessage} message */
    retry({ nonce, chatId }) {
      store.apply("outbox_retried", { nonce });
      return pump(chatId);
    },
    /** @param {OutgoingMessage} message */
    discard: ({ nonce }) => store.apply("outbox_discarded", { nonce }),
  };
}

/** @typedef {ReturnType<typeof createOutbox>} Outbox */

/** @param {OutgoingMessage} message */
const requestOf = ({ chatId, content, nonce, replyTo }) => ({
  chat_id: chatId,
  content,
  nonce,
  ...(replyTo && { reply_to: replyTo.id }),
});

/** @param {import("./model.js").Message} message @returns {import("./model.js").Quote} */
const quoteOf = ({ id, seq, author, content }) => ({
  id,
  seq,
  author,
  excerpt: excerptOf(content),
  is_deleted: content === null,
});

/** @param {import("../core/problem.js").Problem} problem @param {number} tries */
const delayOf = ({ retryAfter }, tries) =>
  retryAfter === null ? Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1)) : retryAfter * 1000;

/** @param {number} milliseconds @returns {Promise<void>} */
function sleep(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
