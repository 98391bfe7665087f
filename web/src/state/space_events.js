import { meet, only, put } from "./model.js";

/**
 * @typedef {import("./model.js").Replica} Replica
 * @typedef {import("./model.js").Members} Members
 */

/**
 * Changes of a space, each raising its version by one. A version already known is dropped; a gap makes the replica stale.
 * @type {Record<string, (state: Replica, data: any) => Replica>}
 */
const CHANGES = {
  space_updated: (state, { space }) => (space ? withSpace(state, space) : stale(state)),
  member_joined: (state, { space_id: id, user, role_ids: roleIds, member_count: count }) =>
    withMembers(withSpace(meet(state, [user]), { id, member_count: count }), id, (members) =>
      joined(members, user.id, roleIds),
    ),
  member_left: (state, { space_id: id, user_id: userId, member_count: count }) =>
    withMembers(withSpace(state, { id, member_count: count }), id, (members) => left(members, userId)),
  chat_created: (state, { chat }) => withChat(state, chat),
  chat_updated: (state, { chat }) => withChat(state, chat),
  chat_deleted: (state, { chat_id: chatId }) => withoutChats(state, (id) => id === chatId),
};

/** @param {string} name */
export const isSpaceEvent = (name) => Object.hasOwn(CHANGES, name);

/** @param {Replica} state @param {import("./model.js").LiveEvent} event @returns {Replica} */
export function applySpaceEvent(state, { name, data }) {
  const space = state.spaces[data.space_id];
  if (!space || data.version <= space.version) return state;
  const isNext = data.version === space.version + 1;
  const changed = CHANGES[name](isNext ? state : stale(state), data);
  return changed.spaces[space.id] ? withSpace(changed, { id: space.id, version: data.version }) : changed;
}

/** @param {Replica} state @param {{space_id: number}} data @returns {Replica} */
export function applySpaceDeleted(state, { space_id: spaceId }) {
  const rest = withoutChats(state, (_, chat) => chat.space_id === spaceId);
  const keep = (/** @type {unknown} */ _, /** @type {number} */ id) => id !== spaceId;
  return { ...rest, spaces: only(rest.spaces, keep), members: only(rest.members, keep) };
}

/** @param {Replica} state @returns {Replica} */
const stale = (state) => ({ ...state, isStale: true });

/** @param {Replica} state @param {Partial<import("./model.js").Space> & {id: number}} changes @returns {Replica} */
const withSpace = (state, changes) => ({
  ...state,
  spaces: put(state.spaces, changes.id, { ...state.spaces[changes.id], ...changes }),
});

/** A chat as everyone is told of it: without what only its reader has. @param {Replica} state @param {any} chat @returns {Replica} */
function withChat(state, chat) {
  const { id, space_id: spaceId, name, topic, position } = chat;
  const known = state.chats[id];
  // Its counters belong to the timeline's events, which may be on their way.
  const fresh = known
    ? { ...known, name, topic, position, space_id: spaceId }
    : { ...chat, read_seq: chat.last_seq, unread: 0 };
  return { ...state, chats: put(state.chats, id, fresh) };
}

/** @param {Replica} state @param {(id: number, chat: import("./model.js").Chat) => boolean} isGone @returns {Replica} */
function withoutChats(state, isGone) {
  const chats = only(state.chats, (chat, id) => !isGone(id, chat));
  return {
    ...state,
    chats,
    timelines: only(state.timelines, (_, id) => Boolean(chats[id])),
    outbox: state.outbox.filter(({ chatId }) => chats[chatId]),
  };
}

/** @param {Replica} state @param {number} spaceId @param {(members: Members) => Members} change @returns {Replica} */
function withMembers(state, spaceId, change) {
  const members = state.members[spaceId];
  return members ? { ...state, members: put(state.members, spaceId, change(members)) } : state;
}

/** @param {Members} members @param {number} id @param {number[]} roleIds @returns {Members} */
const joined = (members, id, roleIds) => ({
  ...members,
  list: [...members.list.filter((each) => each.id !== id), { id, role_ids: roleIds, joined_at: null }],
});

/** @param {Members} members @param {number} userId @returns {Members} */
const left = (members, userId) => ({ ...members, list: members.list.filter(({ id }) => id !== userId) });
