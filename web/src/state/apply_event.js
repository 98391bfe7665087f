import { put } from "./model.js";
import { OUTBOX_CHANGES } from "./outbox_events.js";
import { applySpaceDeleted, applySpaceEvent, isSpaceEvent } from "./space_events.js";
import { applyTimelineEvent, isTimelineEvent } from "./timeline_events.js";

/** @typedef {import("./model.js").Replica} Replica */

/** @type {Record<string, (state: Replica, data: any) => Replica>} */
const OTHERS = {
  ...OUTBOX_CHANGES,
  space_deleted: applySpaceDeleted,
  read_marker: applyReadMarker,
  sync_required: (state) => ({ ...state, isStale: true }),
};

/**
 * The state after an event; pure. Events that change nothing here (typing, viewers) leave it as it is.
 * @param {Replica} state @param {import("./model.js").LiveEvent} event
 * @returns {Replica}
 */
export function applyEvent(state, event) {
  if (isTimelineEvent(event.name)) return applyTimelineEvent(state, event);
  if (isSpaceEvent(event.name)) return applySpaceEvent(state, event);
  return OTHERS[event.name]?.(state, event.data) ?? state;
}

/** @param {Replica} state @param {{chat_id: number, seq: number, n: number, unread: number}} marker @returns {Replica} */
function applyReadMarker(state, { chat_id: chatId, seq, n, unread }) {
  const chat = state.chats[chatId];
  if (!chat || n <= (chat.n ?? -1)) return state;
  return { ...state, chats: put(state.chats, chatId, { ...chat, read_seq: seq, n, unread }) };
}
