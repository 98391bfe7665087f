import { meOf } from "./model.js";

/**
 * What happens to messages on their way out; their arrival is an ordinary `new_message`.
 * @typedef {import("./model.js").Message} Message
 * @typedef {import("./model.js").Replica} Replica
 * @typedef {import("./model.js").OutgoingMessage} OutgoingMessage
 */

/** @type {Record<string, (state: Replica, data: any) => Replica>} */
export const OUTBOX_CHANGES = {
  outbox_added: (state, /** @type {OutgoingMessage} */ message) => ({
    ...state,
    outbox: [...state.outbox, message],
  }),
  outbox_failed: (state, { nonce, problem }) => changed(state, nonce, { status: "failed", problem }),
  outbox_retried: (state, { nonce }) => changed(state, nonce, { status: "pending", problem: null }),
  outbox_discarded: (state, { nonce }) => ({
    ...state,
    outbox: state.outbox.filter((each) => each.nonce !== nonce),
  }),
  /** A repeated nonce: stored before. The message itself is in the window already, or comes when the window catches up. */
  outbox_stored: stored,
};

/** @param {Replica} state @param {string} nonce @param {Partial<OutgoingMessage>} changes @returns {Replica} */
const changed = (state, nonce, changes) => ({
  ...state,
  outbox: state.outbox.map((each) => (each.nonce === nonce ? { ...each, ...changes } : each)),
});

/** @param {Replica} state @param {{nonce: string, id: number, chat_id: number, revision: number}} answer @returns {Replica} */
function stored(state, { nonce, id, chat_id: chatId, revision }) {
  const timeline = state.timelines[chatId];
  if (!timeline || timeline.revision >= revision) return OUTBOX_CHANGES.outbox_discarded(state, { nonce });
  const chat = state.chats[chatId];
  const heard = { ...chat, revision: Math.max(chat.revision, revision) };
  return {
    ...changed(state, nonce, { status: "sent", messageId: id }),
    chats: { ...state.chats, [chatId]: heard },
  };
}

/**
 * Messages of one's own leave the outbox when they stand in the window; one that is stored but waits for an earlier event
 * only counts as sent.
 * @param {Replica} state @param {import("./model.js").LiveEvent} event an event about a timeline
 * @returns {Replica}
 */
export function settleOutbox(state, { name, data }) {
  const chatId = data.chat_id;
  if (!state.outbox.some((each) => each.chatId === chatId)) return state;
  const timeline = state.timelines[chatId];
  const isNotShown = !timeline || (timeline.hasNewer && timeline.revision >= data.revision);
  const told = ownOf(name === "new_message" ? [data] : (data.changes ?? []), meOf(state));
  const placed = ownOf(timeline?.messages ?? [], meOf(state));
  return {
    ...state,
    outbox: state.outbox.flatMap((sent) => {
      const message = sent.chatId === chatId && told.get(sent.nonce);
      const isDone = sent.chatId === chatId && (placed.has(sent.nonce) || (isNotShown && message));
      if (isDone) return [];
      return message
        ? { ...sent, status: /** @type {const} */ ("sent"), problem: null, messageId: message.id }
        : sent;
    }),
  };
}

/** @param {Message[]} messages @param {number} me @returns {Map<string | undefined, Message>} one's own, by nonce */
const ownOf = (messages, me) =>
  new Map(
    messages.filter(({ author, nonce }) => nonce && author.id === me).map((each) => [each.nonce, each]),
  );
