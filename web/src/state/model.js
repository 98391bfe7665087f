/**
 * What the client knows: a replica of what the server would answer. Plain data, replaced and never changed in place, so that
 * equal references mean equal contents. Only `applyEvent`, `applySnapshot` and `placePage` make new ones.
 *
 * @typedef {{id: number, nickname: string, display_name: string, avatar_url: string | null, profile_version: number}} Person
 * @typedef {Person & {email: string | null, created_at: string}} Me
 * @typedef {{emoji: string, count: number, user_ids: number[], mine?: boolean}} Reaction
 * @typedef {{id: number, seq: number, author: Person, excerpt: string, is_deleted: boolean}} Quote
 *
 * @typedef {object} Message
 * @property {number} id
 * @property {number} chat_id
 * @property {number} seq
 * @property {number} revision
 * @property {string} [nonce]
 * @property {Person} author
 * @property {string | null} content null when deleted
 * @property {Quote | null} [reply_to]
 * @property {Reaction[]} reactions
 * @property {string} created_at
 * @property {string | null} edited_at
 * @property {string | null} deleted_at
 *
 * @typedef {object} Chat
 * @property {number} id
 * @property {number} space_id
 * @property {string} name
 * @property {string | null} topic
 * @property {number} position
 * @property {number} last_seq
 * @property {number} revision the newest one heard of; the counters are true as of it
 * @property {number} read_seq
 * @property {number} unread
 * @property {number} [n] of the read marker; the higher wins
 *
 * @typedef {object} Role
 * @property {number} id
 * @property {string} name
 * @property {number} priority
 * @property {number | null} tone
 * @property {string[]} permissions
 * @property {boolean} is_default
 * @property {"owner" | "member" | null} preset
 *
 * @typedef {object} Space
 * @property {number} id
 * @property {string} name
 * @property {string | null} description
 * @property {"public" | "private"} visibility
 * @property {string | null} avatar_url
 * @property {string | null} banner_url
 * @property {number} member_count
 * @property {number} version
 * @property {number} owner_id
 * @property {Role[]} roles
 * @property {number[]} my_role_ids
 * @property {string[]} my_permissions
 * @property {number} my_rank
 *
 * @typedef {Omit<Space, "owner_id" | "roles" | "my_role_ids" | "my_permissions" | "my_rank"> & {is_member: boolean}} Card
 *
 * @typedef {object} Timeline a window of consecutive messages of one chat
 * @property {Message[]} messages oldest first
 * @property {number} revision the window is true as of it
 * @property {boolean} hasOlder
 * @property {boolean} hasNewer
 * @property {LiveEvent[]} held events that came before an earlier one did, by the revision they go on from
 *
 * @typedef {{id: number, role_ids: number[], joined_at: string | null}} Membership
 * @typedef {object} Members the loaded part of a space's participants
 * @property {Membership[]} list
 * @property {string | null} cursor of the next page
 *
 * @typedef {object} OutgoingMessage
 * @property {string} nonce
 * @property {number} chatId
 * @property {string} content
 * @property {Quote | null} replyTo
 * @property {string} createdAt
 * @property {"pending" | "failed" | "sent"} status sent: stored, but its place in the window is not known yet
 * @property {import("../core/problem.js").ProblemFacts | null} problem
 * @property {number | null} messageId once stored
 *
 * @typedef {object} Limits
 * @property {number} [message_characters]
 *
 * @typedef {object} Replica
 * @property {string | null} epoch
 * @property {string | null} cursor
 * @property {Limits} limits
 * @property {Me | null} me
 * @property {Record<number, Space>} spaces
 * @property {number[]} spaceOrder ids, in the order of joining
 * @property {Record<number, Chat>} chats
 * @property {Record<number, Person>} people newest known profiles
 * @property {Record<number, Timeline>} timelines
 * @property {Record<number, Members>} members by space
 * @property {OutgoingMessage[]} outbox in the order of sending
 * @property {boolean} isStale some event did not fit: the snapshot has to be fetched again
 *
 * @typedef {{name: string, data: any}} LiveEvent
 */

/** @type {Replica} */
export const EMPTY = Object.freeze({
  epoch: null,
  cursor: null,
  limits: {},
  me: null,
  spaces: {},
  spaceOrder: [],
  chats: {},
  people: {},
  timelines: {},
  members: {},
  outbox: [],
  isStale: false,
});

/**
 * A record with one entry replaced.
 * @template T
 * @param {Record<number, T>} record @param {number} id @param {T} value
 */
export const put = (record, id, value) => (record[id] === value ? record : { ...record, [id]: value });

/**
 * A record without some of its entries.
 * @template T
 * @param {Record<number, T>} record @param {(value: T, id: number) => boolean} keep
 * @returns {Record<number, T>}
 */
export const only = (record, keep) =>
  Object.fromEntries(Object.entries(record).filter(([id, value]) => keep(value, Number(id))));

/** @param {Replica} state @param {number} chatId @param {Timeline} timeline @returns {Replica} */
export const withTimeline = (state, chatId, timeline) => ({
  ...state,
  timelines: put(state.timelines, chatId, timeline),
});

/** @param {Replica} state */
export const meOf = (state) => state.me?.id ?? 0;

/** Keep the newest profile of everyone seen. @param {Replica} state @param {(Person | null | undefined)[]} seen @returns {Replica} */
export function meet(state, seen) {
  let { people } = state;
  for (const person of seen) {
    if (person && !(people[person.id]?.profile_version >= person.profile_version))
      people = put(people, person.id, person);
  }
  return people === state.people ? state : { ...state, people };
}
