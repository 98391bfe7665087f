import { signal } from "../core/signals.js";

const SHOWN_MS = 6000;
const EVERY_MS = 3000;

/** @typedef {import("./model.js").Person} Person */

/**
 * Who is typing where; nothing of it is kept.
 * @param {{call: (event: string, data: object) => Promise<any>}} options
 */
export function createTyping({ call }) {
  const typists = signal(/** @type {Record<number, Person[]>} */ ({}));
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  const timers = new Map();
  let lastSent = { chatId: 0, at: 0 };

  /** @param {number} chatId @param {number} userId */
  const without = (chatId, userId) => (typists.peek()[chatId] ?? []).filter(({ id }) => id !== userId);
  /** @param {number} chatId @param {number} userId */
  const stopped = (chatId, userId) => {
    const key = `${chatId} ${userId}`;
    if (!timers.has(key)) return;
    clearTimeout(timers.get(key));
    timers.delete(key);
    typists.value = { ...typists.peek(), [chatId]: without(chatId, userId) };
  };

  return {
    typists,
    stopped,
    /** @param {{chat_id: number, user: Person}} event */
    heard({ chat_id: chatId, user }) {
      const key = `${chatId} ${user.id}`;
      clearTimeout(timers.get(key));
      timers.set(key, setTimeout(stopped, SHOWN_MS, chatId, user.id));
      typists.value = { ...typists.peek(), [chatId]: [...without(chatId, user.id), user] };
    },
    /** Tell the others; at most once in a few seconds. @param {number} chatId */
    tell(chatId) {
      const now = Date.now();
      if (lastSent.chatId === chatId && now - lastSent.at < EVERY_MS) return;
      lastSent = { chatId, at: now };
      call("typing", { chat_id: chatId }).catch(() => {});
    },
    /** The next keystroke after a message is news again. */
    sent() {
      lastSent = { chatId: 0, at: 0 };
    },
  };
}

/** @typedef {ReturnType<typeof createTyping>} Typing */
