import { withCounters } from "./counters.js";
import { meet, meOf, withTimeline } from "./model.js";
import { settleOutbox } from "./outbox_events.js";

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
const EXCERPT_CHARACTERS = 200;

/** @type {Record<string, (timeline: Timeline, data: any, me: number) => Timeline>} */
const CHANGES = {
  new_message: appended,
  message_edited: revised,
  message_deleted: revised,
  messages_changed: changed,
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
  const { chat_id: chatId, author, changes = [] } = event.data;
  if (!state.chats[chatId]) return state;
  const people = [author, ...changes.map((/** @type {Message} */ each) => each.author)];
  const counted = withCounters(meet(state, people), event);
  const timeline = counted.timelines[chatId];
  const received = timeline ? withTimeline(counted, chatId, receive(timeline, event, meOf(state))) : counted;
  return settleOutbox(received, event);
}

/** @param {Timeline} timeline @param {LiveEvent} event @param {number} me */
function receive(timeline, event, me) {
  if (event.data.revision <= timeline.revision) return timeline;
  const held = [...timeline.held, event].sort((a, b) => sinceOf(a) - sinceOf(b));
  // Too many to wait for: without them the window is behind, and is fetched again.
  return drain({ ...timeline, held: held.length > MAX_HELD ? [] : held }, me);
}

/** Apply the held events whose turn it is. @param {Timeline} timeline @param {number} me @returns {Timeline} */
export function drain(timeline, me) {
  let current = timeline;
  while (current.held.length && sinceOf(current.held[0]) <= current.revision) {
    const [{ name, data }, ...held] = current.held;
    current = { ...current, held };
    if (data.revision > current.revision)
      current = { ...CHANGES[name](current, data, me), revision: data.revision };
  }
  return current;
}

/** The revision an event goes on from. @param {LiveEvent} event @returns {number} */
export const sinceOf = ({ data }) => data.since ?? data.revision - 1;

/** Several messages as they are now, in place of all events about them. @param {Timeline} timeline @param {{changes: Message[]}} caughtUp @param {number} me @returns {Timeline} */
function changed(timeline, { changes }, me) {
  const last = timeline.messages.at(-1)?.seq ?? 0;
  return changes
    .toSorted((a, b) => a.seq - b.seq)
    .reduce((current, each) => (each.seq > last ? appended : revised)(current, each, me), timeline);
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

/** A message was edited or deleted: what quotes it says what it says now. @param {Timeline} timeline @param {Message} source @param {number} me @returns {Timeline} */
function revised(timeline, source, me) {
  const { messages, ...rest } = replaced(timeline, source, me);
  const said = { excerpt: excerptOf(source.content), is_deleted: source.content === null };
  return {
    ...rest,
    messages: messages.map((each) =>
      each.reply_to?.id === source.id ? { ...each, reply_to: { ...each.reply_to, ...said } } : each,
    ),
  };
}

/** What a quote shows, as the server cuts it. @param {string | null} content */
export const excerptOf = (content) =>
  [...(content ?? "")].slice(0, EXCERPT_CHARACTERS).join("").split(/\s+/).filter(Boolean).join(" ");

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
