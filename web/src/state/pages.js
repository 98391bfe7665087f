import { meet, meOf, only, put, withTimeline } from "./model.js";
import { drain, isTimelineEvent, sinceOf, WINDOW } from "./timeline_events.js";

/**
 * @typedef {import("./model.js").Replica} Replica
 * @typedef {import("./model.js").Message} Message
 * @typedef {import("./model.js").Timeline} Timeline
 * @typedef {import("./model.js").LiveEvent} LiveEvent
 * @typedef {{messages: Message[], revision: number, last_seq: number}} Page
 */

/**
 * The server's answer to "everything I should know". Timelines stay; those the snapshot knows a later revision of are behind.
 * @param {Replica} state @param {any} snapshot
 * @returns {Replica}
 */
export function applySnapshot(state, snapshot) {
  const spaces = byId(snapshot.spaces.map((/** @type {any} */ { chats: _, ...space }) => space));
  const chats = byId(snapshot.spaces.flatMap((/** @type {any} */ space) => space.chats));
  /** @type {Replica} */
  const next = {
    ...state,
    epoch: snapshot.epoch,
    cursor: snapshot.cursor,
    limits: snapshot.limits,
    me: snapshot.me,
    spaces,
    spaceOrder: snapshot.spaces.map((/** @type {any} */ { id }) => id),
    chats,
    timelines: only(state.timelines, (_, id) => Boolean(chats[id])),
    members: only(state.members, (_, id) => spaces[id]?.version === state.spaces[id]?.version),
    isStale: false,
  };
  return meet(next, [snapshot.me]);
}

/** @param {{id: number}[]} items @returns {Record<number, any>} */
const byId = (items) => Object.fromEntries(items.map((item) => [item.id, item]));

/** Forget the windows of chats that are not looked at. @param {Replica} state @param {(chatId: number) => boolean} keep @returns {Replica} */
export const keepTimelines = (state, keep) => ({
  ...state,
  timelines: only(state.timelines, (_, id) => keep(id)),
});

/**
 * A page that replaces the window: the newest one, or one around a message.
 * @param {Replica} state @param {number} chatId @param {Page} page
 * @param {LiveEvent[]} events what was heard since the page was asked for; some of it the page does not have yet
 * @returns {Replica}
 */
export function placePage(state, chatId, page, events = []) {
  const { messages } = page;
  const timeline = caughtUp(state, chatId, page, events, {
    hasOlder: messages.length > 0 && messages[0].seq > 1,
    hasNewer: messages.length > 0 && messages[messages.length - 1].seq < page.last_seq,
  });
  return afterPage(withTimeline(state, chatId, timeline), chatId, page);
}

/**
 * The page before or after the window. The window's far end is let go when it grows too long.
 * @param {Replica} state @param {number} chatId @param {"older" | "newer"} side @param {Page} page
 * @param {LiveEvent[]} events what was heard since the page was asked for
 * @returns {Replica}
 */
export function extendTimeline(state, chatId, side, page, events = []) {
  const timeline = state.timelines[chatId];
  if (!timeline) return state;
  // `hasNewer` keeps new messages out of it: they belong to the window's own end.
  const { messages } = caughtUp(state, chatId, page, events, { hasOlder: true, hasNewer: true });
  const lastSeq = Math.max(page.last_seq, state.chats[chatId].last_seq);
  const merged = side === "older" ? withOlder(timeline, messages) : withNewer(timeline, messages, lastSeq);
  return afterPage(withTimeline(state, chatId, merged), chatId, page);
}

/**
 * @param {Replica} state @param {number} chatId @param {Page} page @param {LiveEvent[]} events
 * @param {{hasOlder: boolean, hasNewer: boolean}} ends
 */
function caughtUp(state, chatId, { messages, revision }, events, ends) {
  const held = [...(state.timelines[chatId]?.held ?? []), ...events]
    .filter(({ name, data }) => isTimelineEvent(name) && data.chat_id === chatId && data.revision > revision)
    .sort((a, b) => sinceOf(a) - sinceOf(b));
  return drain({ messages, revision, held, ...ends }, meOf(state));
}

/** @param {Timeline} timeline @param {Message[]} page @returns {Timeline} */
function withOlder(timeline, page) {
  const first = timeline.messages[0]?.seq ?? Infinity;
  const older = page.filter(({ seq }) => seq < first);
  const all = [...older, ...timeline.messages];
  return {
    ...timeline,
    messages: all.slice(0, WINDOW),
    hasOlder: older.length > 0 && older[0].seq > 1,
    hasNewer: timeline.hasNewer || all.length > WINDOW,
  };
}

/** @param {Timeline} timeline @param {Message[]} page @param {number} lastSeq @returns {Timeline} */
function withNewer(timeline, page, lastSeq) {
  const last = timeline.messages.at(-1)?.seq ?? 0;
  const newer = page.filter(({ seq }) => seq > last);
  const all = [...timeline.messages, ...newer];
  return {
    ...timeline,
    messages: all.slice(-WINDOW),
    hasOlder: timeline.hasOlder || all.length > WINDOW,
    hasNewer: newer.length > 0 && newer[newer.length - 1].seq < lastSeq,
  };
}

/** Let go of the oldest messages: the reader is at the end. @param {Replica} state @param {number} chatId @returns {Replica} */
export function trimTimeline(state, chatId) {
  const timeline = state.timelines[chatId];
  if (!timeline || timeline.messages.length <= WINDOW) return state;
  return withTimeline(state, chatId, {
    ...timeline,
    messages: timeline.messages.slice(-WINDOW),
    hasOlder: true,
  });
}

/** What else a page tells: people, how far the chat is, that messages of one's own are stored. @param {Replica} state @param {number} chatId @param {Page} page @returns {Replica} */
function afterPage(state, chatId, { messages, revision, last_seq: lastSeq }) {
  const met = meet(
    state,
    messages.map(({ author }) => author),
  );
  const stored = new Set(met.timelines[chatId].messages.map(({ id }) => id));
  const mine = new Set(messages.filter(({ author }) => author.id === meOf(met)).map(({ nonce }) => nonce));
  const chat = met.chats[chatId];
  return {
    ...met,
    chats: put(met.chats, chatId, {
      ...chat,
      revision: Math.max(chat.revision, revision),
      last_seq: Math.max(chat.last_seq, lastSeq),
      unread: Math.min(100, chat.unread + Math.max(0, lastSeq - chat.last_seq)),
    }),
    outbox: met.outbox.filter(
      ({ nonce, messageId }) => !mine.has(nonce) && !(messageId && stored.has(messageId)),
    ),
  };
}

/**
 * A page of a space's participants after the ones loaded before it.
 * @param {Replica} state @param {number} spaceId
 * @param {{items: {user: import("./model.js").Person, role_ids: number[], joined_at: string}[], next_cursor?: string | null}} page
 * @param {string | null} cursor the page was asked for with; null = the first
 * @returns {Replica}
 */
export function placeParticipants(state, spaceId, page, cursor) {
  const known = state.members[spaceId];
  if (!state.spaces[spaceId] || (cursor !== null && known?.cursor !== cursor)) return state;
  const fresh = page.items.map(({ user, role_ids, joined_at }) => ({ id: user.id, role_ids, joined_at }));
  const ids = new Set(fresh.map(({ id }) => id));
  const before = cursor === null ? [] : known.list.filter(({ id }) => !ids.has(id));
  const members = { list: [...before, ...fresh], cursor: page.next_cursor ?? null };
  const met = meet(
    state,
    page.items.map(({ user }) => user),
  );
  return { ...met, members: put(met.members, spaceId, members) };
}
