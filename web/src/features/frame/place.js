import { chatPath, spacePath } from "../../core/router.js";
import { remember, remembered } from "../../core/storage.js";
import { chatsOf, spacesOf } from "../../state/selectors.js";

/**
 * Where one left off, per person: the last chat, and the last one of each space.
 * @typedef {{chat: number | null, bySpace: Record<number, number>}} Trail
 * @typedef {import("../../state/model.js").Replica} Replica
 */

/** @param {Replica} state */
const keyOf = (state) => `trail:${state.me?.id}`;

/** @param {Replica} state @returns {Trail} */
const trailOf = (state) => remembered(keyOf(state), { chat: null, bySpace: {} });

/** @param {Replica} state @param {number} chatId */
export function leaveTrail(state, chatId) {
  const { bySpace } = trailOf(state);
  remember(keyOf(state), { chat: chatId, bySpace: { ...bySpace, [state.chats[chatId].space_id]: chatId } });
}

/** The address `/` stands for; null when there is no space. @param {Replica} state @returns {string | null} */
export function homePath(state) {
  const { chat } = trailOf(state);
  if (chat !== null && state.chats[chat]) return chatPath(chat);
  const [first] = spacesOf(state);
  return first ? (pathInSpace(state, first.id) ?? spacePath(first.id)) : null;
}

/** The chat one was in last, else the first. @param {Replica} state @param {number} spaceId @returns {string | null} */
export function pathInSpace(state, spaceId) {
  const last = trailOf(state).bySpace[spaceId];
  if (state.chats[last]?.space_id === spaceId) return chatPath(last);
  const [first] = chatsOf(state, spaceId);
  return first ? chatPath(first.id) : null;
}
