import { dayNumber } from "../core/i18n.js";

const GROUP_MS = 5 * 60 * 1000;

/**
 * @typedef {import("./model.js").Message} Message
 * @typedef {import("./model.js").OutgoingMessage} OutgoingMessage
 *
 * @typedef {object} Row one message of the timeline and what stands above it
 * @property {string} key stays the same when a message of one's own is confirmed
 * @property {Message} message
 * @property {OutgoingMessage | null} outgoing while it is not confirmed
 * @property {boolean} isFirst of its group: shows the author
 * @property {boolean} startsDay
 * @property {boolean} startsNew the first one after what was read when the chat was opened
 */

/**
 * @param {Message[]} messages
 * @param {OutgoingMessage[]} outgoing
 * @param {{me: import("./model.js").Me, readSeq: number, hasOlder: boolean}} reader
 * @returns {Row[]}
 */
export function rowsOf(messages, outgoing, { me, readSeq, hasOlder }) {
  const waiting = outgoing.map((each) => ({ message: asMessage(each, me), outgoing: each }));
  const all = [...messages.map((message) => ({ message, outgoing: null })), ...waiting];
  let isNewPlaced = false;
  return all.map(({ message, outgoing: sent }, index) => {
    const previous = all[index - 1]?.message;
    const isNew = !isNewPlaced && !sent && message.seq > readSeq && message.author.id !== me.id;
    // The line belongs where reading stopped; when that is not loaded, it is not here.
    const startsNew =
      isNew && (previous ? previous.seq <= readSeq || previous.author.id === me.id : !hasOlder);
    isNewPlaced ||= isNew;
    const startsDay = !previous || dayNumber(previous.created_at) !== dayNumber(message.created_at);
    return {
      key: message.nonce ? `${message.author.id} ${message.nonce}` : String(message.id),
      message,
      outgoing: sent,
      startsDay,
      startsNew,
      isFirst: startsDay || startsNew || !continues(previous, message),
    };
  });
}

/** @param {Message} previous @param {Message} message whether it goes on in the same breath */
export function continues(previous, message) {
  return (
    previous.author.id === message.author.id &&
    !message.reply_to &&
    Date.parse(message.created_at) - Date.parse(previous.created_at) < GROUP_MS
  );
}

/** @param {OutgoingMessage} outgoing @param {import("./model.js").Me} me @returns {Message} */
const asMessage = ({ nonce, chatId, content, replyTo, createdAt, messageId }, me) => ({
  id: messageId ?? 0,
  chat_id: chatId,
  seq: Infinity,
  revision: 0,
  nonce,
  author: me,
  content,
  reply_to: replyTo,
  reactions: [],
  created_at: createdAt,
  edited_at: null,
  deleted_at: null,
});
