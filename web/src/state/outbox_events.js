/**
 * What happens to messages on their way out; their arrival is an ordinary `new_message`.
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
  const isShown = !timeline || timeline.messages.some((each) => each.id === id);
  if (isShown) return OUTBOX_CHANGES.outbox_discarded(state, { nonce });
  const chat = state.chats[chatId];
  const heard = { ...chat, revision: Math.max(chat.revision, revision) };
  return {
    ...changed(state, nonce, { status: "sent", messageId: id }),
    chats: { ...state.chats, [chatId]: heard },
  };
}
