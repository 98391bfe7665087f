import { signal } from "../core/signals.js";
import { remember, remembered } from "../core/storage.js";
import { only } from "./model.js";

/** Unsent texts by chat, each person's own on a shared computer; they survive a reload. */
export function createDrafts() {
  /** @type {import("../core/signals.js").Signal<Record<number, string>>} */
  const drafts = signal({});
  let key = "";

  return {
    drafts,
    /** @param {number | null} userId */
    belongTo(userId) {
      key = userId === null ? "" : `drafts:${userId}`;
      drafts.value = key ? remembered(key, {}) : {};
    },
    /** @param {number} chatId @param {string} text */
    keep(chatId, text) {
      // Another tab may have kept drafts of other chats since.
      const known = key ? remembered(key, drafts.peek()) : drafts.peek();
      const others = only(known, (_, id) => id !== chatId);
      drafts.value = text.trim() ? { ...others, [chatId]: text } : others;
      if (key) remember(key, drafts.peek());
    },
  };
}

/** @typedef {ReturnType<typeof createDrafts>} Drafts */
