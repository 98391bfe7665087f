/**
 * A small server that answers what the real one would: one space, its chats, three people. Every operation returns the
 * events it would send to everyone.
 */
export const ALICE = person(1, "alice");
export const BOB = person(2, "bob");
export const CAROL = person(3, "carol");

export class ModelServer {
  space = {
    id: 1,
    name: "Observatory",
    description: "",
    visibility: "public",
    avatar_url: null,
    banner_url: null,
    member_count: 2,
    version: 1,
    is_member: true,
    owner_id: 1,
    roles: [
      { id: 1, name: "Owner", priority: 100, tone: 4, permissions: [], is_default: false, preset: "owner" },
      {
        id: 2,
        name: "Member",
        priority: 10,
        tone: null,
        permissions: [],
        is_default: true,
        preset: "member",
      },
    ],
    my_role_ids: [2],
    my_permissions: ["send_messages"],
    my_rank: 10,
  };
  participants = [
    { user: ALICE, role_ids: [1, 2], joined_at: at(0) },
    { user: BOB, role_ids: [2], joined_at: at(0) },
  ];
  chats = new Map();
  ids = 0;

  constructor() {
    this.createChat("general");
    this.space.version = 1;
  }

  // --- what is asked ---
  /** @param {number} reader */
  snapshot(reader) {
    const chats = [...this.chats.values()].map((chat) => this.#card(chat, reader));
    return structuredClone({
      epoch: "e1",
      cursor: "c1",
      limits: { message_characters: 8000 },
      me: { ...BOB, email: null, created_at: at(0) },
      spaces: [{ ...this.space, chats }],
    });
  }
  page(chatId, { before = Infinity, after = 0, around, limit = 50 } = {}) {
    const chat = this.chats.get(chatId);
    let messages = chat.messages.filter(({ seq }) => seq < before && seq > after);
    if (around !== undefined) {
      const at_ = messages.findIndex(({ seq }) => seq >= around);
      messages = messages.slice(Math.max(0, at_ - (limit >> 1)), at_ + (limit >> 1));
    } else messages = after ? messages.slice(0, limit) : messages.slice(-limit);
    return structuredClone({
      messages: messages.map((each) => this.#forReader(each, 2)),
      revision: chat.revision,
      last_seq: chat.last_seq,
    });
  }
  /** What a chat's reader is answered; `caughtUp` is what everyone is told instead of lost events. */
  changes(chatId, since, limit = 500) {
    const { messages, revision } = this.chats.get(chatId);
    const newer = messages.filter((each) => each.revision > since).sort((a, b) => a.revision - b.revision);
    const some = newer.slice(0, limit);
    const isFar = newer.length > limit;
    return structuredClone({
      changes: some.map((each) => this.#forReader(each, 2)),
      revision: isFar ? some.at(-1).revision : revision,
      has_more: isFar,
    });
  }
  caughtUp(chatId, since) {
    const { changes, revision } = this.changes(chatId, since);
    for (const { reactions } of changes) for (const each of reactions) delete each.mine;
    return named([["messages_changed", { chat_id: chatId, since, revision, changes }]]);
  }
  participantsPage() {
    return structuredClone({ items: this.participants, next_cursor: null, version: this.space.version });
  }

  // --- what happens ---
  send(author, chatId, content, { nonce, replyTo } = {}) {
    const chat = this.chats.get(chatId);
    const message = {
      id: ++this.ids,
      chat_id: chatId,
      seq: ++chat.last_seq,
      revision: ++chat.revision,
      ...(nonce && { nonce }),
      author,
      content,
      replyTo: replyTo ?? null,
      reactions: [],
      created_at: at(this.ids),
      edited_at: null,
      deleted_at: null,
    };
    chat.messages.push(message);
    const events = [["new_message", this.#body(message)]];
    if (author.id === 2) events.push(["read_marker", this.#read(chat, message.seq)]);
    return named(events);
  }
  edit(message, content) {
    Object.assign(message, {
      content,
      edited_at: at(this.ids),
      revision: ++this.chats.get(message.chat_id).revision,
    });
    return named([["message_edited", this.#body(message)]]);
  }
  delete(message) {
    const revision = ++this.chats.get(message.chat_id).revision;
    Object.assign(message, {
      content: null,
      reactions: [],
      replyTo: null,
      deleted_at: at(this.ids),
      revision,
    });
    return named([["message_deleted", this.#body(message)]]);
  }
  react(message, who, emoji, on) {
    const known = message.reactions.find((each) => each.emoji === emoji);
    const ids = (known?.user_ids ?? []).filter((id) => id !== who.id);
    if (on) ids.push(who.id);
    const fresh = { emoji, count: ids.length, user_ids: ids };
    if (known) Object.assign(known, fresh);
    else message.reactions.push(fresh);
    message.reactions = message.reactions.filter(({ count }) => count > 0);
    message.revision = ++this.chats.get(message.chat_id).revision;
    const body = {
      chat_id: message.chat_id,
      message_id: message.id,
      revision: message.revision,
      user_id: who.id,
      ...fresh,
    };
    return named([[on ? "reaction_added" : "reaction_removed", body]]);
  }
  markRead(chatId, seq) {
    return named([["read_marker", this.#read(this.chats.get(chatId), seq)]]);
  }
  createChat(name) {
    const id = this.chats.size + 1;
    const chat = {
      id,
      space_id: 1,
      name,
      topic: "",
      position: id,
      last_seq: 0,
      revision: 0,
      messages: [],
      read: { seq: 0, n: 0 },
    };
    this.chats.set(id, chat);
    return this.#raise("chat_created", { chat: described(chat) });
  }
  renameChat(id, name) {
    this.chats.get(id).name = name;
    return this.#raise("chat_updated", { chat: described(this.chats.get(id)) });
  }
  deleteChat(id) {
    this.chats.delete(id);
    return this.#raise("chat_deleted", { chat_id: id });
  }
  rename(name) {
    this.space.name = name;
    return this.#raise("space_updated", { space: this.#info() });
  }
  join(user) {
    this.participants.push({ user, role_ids: [2], joined_at: at(0) });
    this.space.member_count++;
    return this.#raise("member_joined", { user, role_ids: [2], member_count: this.space.member_count });
  }
  leave(user) {
    this.participants = this.participants.filter((each) => each.user.id !== user.id);
    this.space.member_count--;
    return this.#raise("member_left", { user_id: user.id, member_count: this.space.member_count });
  }

  #raise(name, data) {
    this.space.version++;
    const version = this.space.version;
    const space = data.space && { space: { ...data.space, version } };
    return named([[name, { space_id: 1, version, ...data, ...space }]]);
  }
  #info() {
    const { id, name, description, visibility, avatar_url, banner_url, member_count, version } = this.space;
    return { id, name, description, visibility, avatar_url, banner_url, member_count, version };
  }
  #read(chat, seq) {
    chat.read = { seq: Math.max(seq, chat.read.seq), n: chat.read.n + 1 };
    return { chat_id: chat.id, ...chat.read, unread: this.#unread(chat) };
  }
  #unread(chat) {
    return chat.messages.filter(
      ({ seq, author, content }) => seq > chat.read.seq && author.id !== 2 && content !== null,
    ).length;
  }
  #card(chat) {
    return { ...described(chat), read_seq: chat.read.seq, unread: this.#unread(chat) };
  }
  /** What everyone is told. */
  #body({ replyTo, ...message }) {
    return structuredClone({ ...message, reply_to: replyTo && quoteOf(replyTo) });
  }
  /** What one reader is answered. */
  #forReader(message, reader) {
    const body = this.#body(message);
    body.reactions = body.reactions.map((each) => ({ ...each, mine: each.user_ids.includes(reader) }));
    return body;
  }
}

function person(id, nickname) {
  return { id, nickname, display_name: "", avatar_url: null, profile_version: 1 };
}
function at(minutes) {
  return new Date(Date.UTC(2026, 10, 23) + minutes * 60_000).toISOString();
}
const named = (pairs) => pairs.map(([name, data]) => ({ name, data: structuredClone(data) }));
const described = ({ id, space_id, name, topic, position, last_seq, revision }) => ({
  id,
  space_id,
  name,
  topic,
  position,
  last_seq,
  revision,
});
const quoteOf = ({ id, seq, author, content }) => ({
  id,
  seq,
  author,
  excerpt: content ?? "",
  is_deleted: content === null,
});
