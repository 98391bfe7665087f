import { meet, put } from "./model.js";

/**
 * @typedef {import("./model.js").Replica} Replica
 * @typedef {import("./model.js").Message} Message
 * @typedef {import("./model.js").Timeline} Timeline
 * @typedef {import("./model.js").Reaction} Reaction
 * @typedef {import("./model.js").LiveEvent} LiveEvent
 */

/** A window that grows beyond this many messages lets go of the end nobody is reading at. */
export const WINDOW = 200;
const MAX_HELD = 500;

/** @type {Record<string, (timeline: Timeline, data: any, me: number) => Timeline>} */
const CHANGES = {
  new_message: appended,
  message_edited: replaced,
  message_deleted: (timeline, message, me) => deleted(replaced(timeline, message, me), message),
  reaction_added: (timeline, change, me) => reacted(timeline, { ...change, on: true }, me),
  reaction_removed: (timeline, change, me) => reacted(timeline, { ...change, on: false }, me),
};

/** @param {string} name */
export const isTimelineEvent = (name) => Object.hasOwn(CHANGES, name);

/**
 * A change of a chat's timeline, by the revision rule: known ones are dropped, the next is applied, a later one is held until
 * the missing one comes. The chat's own counters need no order.
 * @param {Replica} state @param {LiveEvent} event
 * @returns {Replica}
 */
export function applyTimelineEvent(state, event) {
  const { chat_id: chatId, author } = event.data;
  if (!state.chats[chatId]) return state;
  const counted = withCounters(meet(state, [author]), event);
  const timeline = counted.timelines[chatId];
  if (!timeline) return settleOutbox(counted, chatId, event);
  return settleOutbox(withTimeline(counted, chatId, receive(timeline, event, meOf(state))), chatId, event);
}

/** @param {Replica} state @param {number} chatId @param {Timeline} timeline @returns {Replica} */
export const withTimeline = (state, chatId, timeline) => ({
  ...state,
  timelines: put(state.timelines, chatId, timeline),
});

/** @param {Replica} state */
export const meOf = (state) => state.me?.id ?? 0;

/** @param {Timeline} timeline @param {LiveEvent} event @param {number} me */
function receive(timeline, event, me) {
  if (event.data.revision <= timeline.revision) return timeline;
  const held = [...timeline.held, event].sort((a, b) => a.data.revision - b.data.revision);
  // Too many to wait for: without them the window is behind, and is fetched again.
  return drain({ ...timeline, held: held.length > MAX_HELD ? [] : held }, me);
}

/** Apply the held events whose turn it is. @param {Timeline} timeline @param {number} me @returns {Timeline} */
export function drain(timeline, me) {
  let current = timeline;
  while (current.held.length && current.held[0].data.revision <= current.revision + 1) {
    const [{ name, data }, ...held] = current.held;
    current = { ...current, held };
    if (data.revision > current.revision)
      current = { ...CHANGES[name](current, data, me), revision: data.revision };
  }
  return current;
}

/** @param {Replica} state @param {LiveEvent} event @returns {Replica} */
function withCounters(state, { name, data }) {
  const chat = state.chats[data.chat_id];
  if (data.revision <= chat.revision) return state;
  const next = { ...chat, revision: data.revision };
  if (name === "new_message" && data.seq > chat.last_seq) {
    next.last_seq = data.seq;
    if (data.author.id === meOf(state)) Object.assign(next, { read_seq: data.seq, unread: 0 });
    else next.unread = Math.min(100, chat.unread + data.seq - chat.last_seq);
  }
  return { ...state, chats: put(state.chats, data.chat_id, next) };
}

/**
 * A message of one's own has come back: it leaves the outbox when it stands in the window, else it only counts as sent.
 * @param {Replica} state @param {number} chatId @param {LiveEvent} event
 * @returns {Replica}
 */
function settleOutbox(state, chatId, { name, data }) {
  if (name !== "new_message" || !data.nonce || data.author.id !== meOf(state)) return state;
  if (!state.outbox.some(({ nonce }) => nonce === data.nonce)) return state;
  const timeline = state.timelines[chatId];
  const isPlaced = !timeline || timeline.revision >= data.revision;
  const outbox = isPlaced
    ? state.outbox.filter(({ nonce }) => nonce !== data.nonce)
    : state.outbox.map((each) =>
        each.nonce === data.nonce
          ? { ...each, status: /** @type {const} */ ("sent"), messageId: data.id }
          : each,
      );
  return { ...state, outbox };
}

/** @param {Timeline} timeline @param {Message} message @param {number} me @returns {Timeline} */
function appended(timeline, message, me) {
  if (timeline.hasNewer) return timeline;
  if (timeline.messages.some(({ id }) => id === message.id)) return replaced(timeline, message, me);
  // Someone reads far from the end of a busy chat: the rest is fetched when they come there.
  if (timeline.messages.length >= 2 * WINDOW) return { ...timeline, hasNewer: true };
  return { ...timeline, messages: [...timeline.messages, forReader(message, [], me)] };
}

/** @param {Timeline} timeline @param {Message} message @param {number} me @returns {Timeline} */
function replaced(timeline, message, me) {
  const at = timeline.messages.findIndex(({ id }) => id === message.id);
  const known = timeline.messages[at];
  if (!known || known.revision >= message.revision) return timeline;
  const fresh = forReader({ nonce: known.nonce, ...message }, known.reactions, me);
  return { ...timeline, messages: timeline.messages.with(at, fresh) };
}

/** What is sent to everyone does not say which reactions are mine. @param {Message} message @param {Reaction[]} known @param {number} me */
function forReader(message, known, me) {
  const reactions = message.reactions.map((each) => ({
    ...each,
    mine: each.mine ?? known.find(({ emoji }) => emoji === each.emoji)?.mine ?? each.user_ids.includes(me),
  }));
  return { ...message, reactions };
}

/** Quotes of a deleted message no longer say what it said. @param {Timeline} timeline @param {Message} gone @returns {Timeline} */
function deleted(timeline, gone) {
  const messages = timeline.messages.map((each) =>
    each.reply_to?.id === gone.id
      ? { ...each, reply_to: { ...each.reply_to, excerpt: "", is_deleted: true } }
      : each,
  );
  return { ...timeline, messages };
}

/**
 * @typedef {{message_id: number, revision: number, user_id: number, emoji: string, count: number, user_ids: number[], on: boolean}} ReactionChange
 * @param {Timeline} timeline @param {ReactionChange} change @param {number} me
 * @returns {Timeline}
 */
function reacted(timeline, change, me) {
  const at = timeline.messages.findIndex(({ id }) => id === change.message_id);
  const message = timeline.messages[at];
  if (!message || message.revision >= change.revision) return timeline;
  const reactions = withReaction(message.reactions, change, me);
  return {
    ...timeline,
    messages: timeline.messages.with(at, { ...message, reactions, revision: change.revision }),
  };
}

/** @param {Reaction[]} reactions @param {ReactionChange} change @param {number} me */
function withReaction(reactions, { user_id: who, emoji, count, user_ids: userIds, on }, me) {
  const at = reactions.findIndex((each) => each.emoji === emoji);
  if (count === 0) return reactions.filter((each) => each.emoji !== emoji);
  const mine = who === me ? on : (reactions[at]?.mine ?? userIds.includes(me));
  const fresh = { emoji, count, user_ids: userIds, mine };
  return at < 0 ? [...reactions, fresh] : reactions.with(at, fresh);
}
