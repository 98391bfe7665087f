/**
 * Readings of the replica; all pure.
 * @typedef {import("./model.js").Replica} Replica
 * @typedef {import("./model.js").Person} Person
 * @typedef {import("./model.js").Chat} Chat
 * @typedef {import("./model.js").Space} Space
 * @typedef {import("./model.js").Role} Role
 * @typedef {import("./model.js").Membership} Membership
 */

const USUAL_MESSAGE_LIMIT = 8000;

/** @param {Person | {nickname: string, display_name?: string}} person */
export const nameOf = ({ display_name: name, nickname }) => name || nickname;

/** The newest known profile of a person embedded somewhere. @param {Replica} state @param {Person} person */
export const latest = (state, person) => state.people[person.id] ?? person;

/** @param {Replica} state @returns {Space[]} in the order of joining */
export const spacesOf = ({ spaces, spaceOrder }) => spaceOrder.flatMap((id) => spaces[id] ?? []);

/** @param {Replica} state @param {number} spaceId @returns {Chat[]} in the order of the list */
export function chatsOf(state, spaceId) {
  return Object.values(state.chats)
    .filter((chat) => chat.space_id === spaceId)
    .sort((a, b) => a.position - b.position || a.id - b.id);
}

/** @param {Replica} state @param {number} spaceId */
export const isUnread = (state, spaceId) =>
  Object.values(state.chats).some((chat) => chat.space_id === spaceId && chat.unread > 0);

/** @param {Replica} state @param {number | null} exceptChatId @returns {number} */
export const unreadElsewhere = (state, exceptChatId) =>
  Object.values(state.chats).reduce((sum, { id, unread }) => sum + (id === exceptChatId ? 0 : unread), 0);

/** @param {Replica} state @param {number} spaceId @param {string} permission */
export const may = (state, spaceId, permission) =>
  Boolean(state.spaces[spaceId]?.my_permissions.includes(permission));

/** How many characters a message may have. @param {Replica} state */
export const messageLimit = ({ limits }) => limits.message_characters ?? USUAL_MESSAGE_LIMIT;

/** The role that names someone's place: the highest of theirs. @param {Space | undefined} space @param {number[]} roleIds @returns {Role | undefined} */
export function highestRole(space, roleIds) {
  return space?.roles
    .filter(({ id }) => roleIds.includes(id))
    .reduce(
      (/** @type {Role | undefined} */ best, role) => (best && best.priority >= role.priority ? best : role),
      undefined,
    );
}

/** The tone of a member's name; null where no role gives one or the member is not loaded. @param {Replica} state @param {number} spaceId @param {number} userId @returns {number | null} */
export function nameTone(state, spaceId, userId) {
  const space = state.spaces[spaceId];
  const membership = state.members[spaceId]?.list.find(({ id }) => id === userId);
  if (membership) return highestRole(space, membership.role_ids)?.tone ?? null;
  const isOwner = space?.owner_id === userId;
  return isOwner ? (space.roles.find(({ preset }) => preset === "owner")?.tone ?? null) : null;
}

/**
 * Members under the role that names them, the highest first; people by name.
 * @param {Replica} state @param {number} spaceId
 * @returns {{role: Role | undefined, people: Person[]}[]}
 */
export function membersByRole(state, spaceId) {
  const space = state.spaces[spaceId];
  const list = state.members[spaceId]?.list ?? [];
  /** @type {Map<Role | undefined, Membership[]>} */
  const groups = new Map();
  for (const membership of list) {
    const role = highestRole(space, membership.role_ids);
    groups.set(role, [...(groups.get(role) ?? []), membership]);
  }
  return [...groups]
    .sort(([a], [b]) => (b?.priority ?? 0) - (a?.priority ?? 0))
    .map(([role, memberships]) => ({
      role,
      people: memberships.map(({ id }) => state.people[id]).sort(byName),
    }));
}

/** @param {Person} a @param {Person} b */
const byName = (a, b) => nameOf(a).localeCompare(nameOf(b));

/** The chat next to one in the list of its space, around the ends. @param {Replica} state @param {Chat} chat @param {1 | -1} step @returns {Chat} */
export function neighbour(state, chat, step) {
  const chats = chatsOf(state, chat.space_id);
  const at = chats.findIndex(({ id }) => id === chat.id);
  return chats[(at + step + chats.length) % chats.length];
}
