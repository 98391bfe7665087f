import { meOf, put } from "./model.js";

/**
 * @typedef {import("./model.js").Chat} Chat
 * @typedef {import("./model.js").Message} Message
 * @typedef {import("./model.js").Replica} Replica
 */

const MAX_UNREAD = 100;

/**
 * How far a chat is and what is unread in it. After a gap that no window will find, the numbers are a guess and the snapshot
 * is asked for.
 * @param {Replica} state @param {import("./model.js").LiveEvent} event
 * @returns {Replica}
 */
export function withCounters(state, { name, data }) {
  const chat = state.chats[data.chat_id];
  if (data.revision <= chat.revision) return state;
  const isGuess = (data.since ?? data.revision - 1) > chat.revision && !state.timelines[chat.id];
  const counted = messagesOf(name, data)
    .filter(({ revision }) => revision > chat.revision)
    .reduce((current, message) => count(current, message, meOf(state)), chat);
  return {
    ...state,
    chats: put(state.chats, chat.id, { ...counted, revision: data.revision }),
    isStale: state.isStale || isGuess,
  };
}

/** The messages an event may change the numbers by. @param {string} name @param {any} data @returns {Message[]} in their order */
function messagesOf(name, data) {
  if (name === "messages_changed") {
    return data.changes.toSorted((/** @type {Message} */ a, /** @type {Message} */ b) => a.seq - b.seq);
  }
  return name === "new_message" || name === "message_deleted" ? [data] : [];
}

/** Unread are others' messages after the last one read that are not deleted; whoever writes has read. @param {Chat} chat @param {Message} message @param {number} me @returns {Chat} */
function count(chat, { seq, author, deleted_at: deletedAt }, me) {
  const isOwn = author.id === me;
  if (seq > chat.last_seq) {
    if (isOwn) return { ...chat, last_seq: seq, read_seq: seq, unread: 0 };
    const more = seq - chat.last_seq - (deletedAt ? 1 : 0);
    return { ...chat, last_seq: seq, unread: Math.min(MAX_UNREAD, chat.unread + more) };
  }
  const wasCounted =
    deletedAt && !isOwn && seq > chat.read_seq && chat.unread > 0 && chat.unread < MAX_UNREAD;
  return wasCounted ? { ...chat, unread: chat.unread - 1 } : chat;
}
