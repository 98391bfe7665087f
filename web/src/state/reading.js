import { signal } from "../core/signals.js";

const PAUSE_MS = 400;

/**
 * What is looked at: the chat, the message one is reading (null = the end), and telling the server how far one has read.
 * @param {{store: import("./store.js").Store, call: (event: string, data: object) => Promise<any>}} options
 */
export function createReading({ store, call }) {
  const shownChat = signal(/** @type {number | null} */ (null));
  const position = signal(/** @type {number | null} */ (null));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {number} chatId @param {number} seq */
  const mark = async (chatId, seq) => {
    const marker = await call("mark_read", { chat_id: chatId, seq }).catch(() => null);
    if (marker) store.apply("read_marker", marker);
  };

  return {
    shownChat,
    position,
    /** The end of the chat is on an attended screen. @param {number} chatId */
    reachedEnd(chatId) {
      clearTimeout(timer);
      const chat = store.peek().chats[chatId];
      // As far as it was seen now: what comes within the pause may meet nobody.
      if (chat && chat.read_seq < chat.last_seq) timer = setTimeout(mark, PAUSE_MS, chatId, chat.last_seq);
    },
  };
}

/** @typedef {ReturnType<typeof createReading>} Reading */
