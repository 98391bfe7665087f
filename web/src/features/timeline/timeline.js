import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import { isAttended } from "../../core/dom.js";
import { define } from "../../core/element.js";
import { language, t } from "../../core/i18n.js";
import { computed } from "../../core/signals.js";
import { rowsOf } from "../../state/rows.js";
import { latest, may, messageLimit, nameTone } from "../../state/selectors.js";
import { empty, messageSkeletons } from "../../ui/index.js";
import { startLongPress } from "../shared/long_press.js";
import { createActions } from "./actions.js";
import { messageRow } from "./message.js";
import { createReader } from "./reader.js";

/**
 * @typedef {import("../../state/app.js").App} App
 * @typedef {import("../../state/rows.js").Row} Row
 * @typedef {import("../chat/view.js").View} View
 */

/** The messages of a chat. */
define(
  "space-timeline",
  {
    app: /** @type {App} */ (/** @type {unknown} */ (null)),
    view: /** @type {View} */ (/** @type {unknown} */ (null)),
  },
  (host, life) => {
    const { app, view } = host;
    const { store } = app;
    const { chatId } = view;
    const chat = store.select((state) => state.chats[chatId]);
    const timeline = store.select((state) => state.timelines[chatId]);
    const rows = rowsSignal(app, view);
    const actions = createActions({ app, view, ended: life.signal });
    /** @type {ReturnType<typeof createReader> | null} */
    let reader = null;

    startLongPress(host, life);

    const settle = () => {
      const scroller = /** @type {HTMLElement | null} */ (host.querySelector("[role=log]"));
      if (!scroller || life.signal.aborted) return;
      reader ??= createReader({ app, view, scroller, rows: () => rows.peek(), life });
      reader.settle();
    };

    life.effect(() => {
      if (chat.value && view.readSeq.peek() === null) view.readSeq.value = readUpTo(chat.value);
    });

    /** @param {Event} event @returns {Row | undefined} */
    const rowAt = ({ target }) => {
      const key = /** @type {Element} */ (target).closest("[data-key]")?.getAttribute("data-key");
      return rows.peek().find((row) => row.key === key);
    };
    /** @param {(row: Row, event: any) => void} run */
    const onRow = (run) => (/** @type {Event} */ event) => {
      const row = rowAt(event);
      if (row) run(row, event);
    };
    /** @param {KeyboardEvent} event */
    const keydown = (event) => {
      const isToEnd = event.key === "End" && event.target === event.currentTarget;
      if (!isToEnd) onRow(actions.key)(event);
      else {
        event.preventDefault();
        view.presentWish.value++;
      }
    };

    return () => {
      queueMicrotask(settle);
      const window = timeline.value;
      return html`
        ${window ? nothing : messageSkeletons(8, t("timeline.loading"))}
        <div
          class="timeline"
          role="log"
          aria-live="off"
          tabindex="0"
          ?hidden=${!window}
          aria-label=${t("timeline.label", { chat: chat.value?.name ?? "" })}
          @click=${onRow(actions.click)}
          @contextmenu=${onRow(actions.contextMenu)}
          @keydown=${keydown}
          @edit-done=${onRow(actions.saveEdit)}
        >
          <div class="timeline__list">
            ${window && !window.hasOlder ? beginning(chat.value?.name ?? "", rows.value.length) : nothing}
            ${repeat(
              rows.value,
              ({ key }) => key,
              (row) => drawn(row, lookOf(row, app, view)),
            )}
          </div>
        </div>
      `;
    };
  },
);

/** Where the "New" line belongs when a chat is opened; nowhere while what comes is seen coming. @param {import("../../state/model.js").Chat} chat */
const readUpTo = ({ unread, read_seq: readSeq }) => (unread || !isAttended() ? readSeq : Infinity);

/** @param {App} app @param {View} view */
function rowsSignal({ store }, { chatId, readSeq }) {
  const timeline = store.select((state) => state.timelines[chatId]);
  const me = store.select((state) => state.me);
  const outgoing = store.selectList((state) => state.outbox.filter((each) => each.chatId === chatId));
  return computed(() => {
    if (!timeline.value || !me.value) return [];
    const { messages, hasOlder, hasNewer } = timeline.value;
    const reader = { me: me.value, readSeq: readSeq.value ?? Infinity, hasOlder };
    return rowsOf(messages, hasNewer ? [] : outgoing.value, reader);
  });
}

/** @param {Row} row @param {App} app @param {View} view @returns {import("./message.js").Look} */
function lookOf({ message, outgoing }, { store }, view) {
  const state = store.state.value;
  const spaceId = state.chats[message.chat_id]?.space_id ?? 0;
  const me = state.me?.id;
  const reactors = message.reactions.flatMap(({ user_ids: ids }) => ids).filter((id) => id !== me);
  return {
    author: latest(state, message.author),
    people: reactors.flatMap((id) => state.people[id] ?? []),
    isEditing: view.editing.value === message.id && !outgoing,
    limit: messageLimit(state),
    isTarget: view.highlighted.value === message.seq,
    tone: nameTone(state, spaceId, message.author.id),
    quotedTone: message.reply_to ? nameTone(state, spaceId, message.reply_to.author.id) : null,
    mayReact: may(state, spaceId, "add_reactions"),
    mayReply: may(state, spaceId, "send_messages"),
    mayEdit: message.author.id === me && may(state, spaceId, "edit_own_messages"),
  };
}

/** Draw a row again only when something in its picture is another. @param {Row} row @param {import("./message.js").Look} look */
function drawn(row, look) {
  const { people, ...plain } = look;
  const { message, isFirst, startsDay, startsNew, outgoing } = row;
  const picture = [
    message,
    isFirst,
    startsDay,
    startsNew,
    outgoing,
    language.value,
    ...Object.values(plain),
    ...people,
  ];
  return guard(picture, () => messageRow(row, look));
}

/** @param {string} name @param {number} count */
const beginning = (name, count) =>
  count
    ? html`<p class="timeline__start" dir="auto">${t("timeline.start", { chat: name })}</p>`
    : empty({
        art: "quiet",
        title: t("timeline.empty", { chat: name }),
        text: t("timeline.empty_text"),
        heading: 2,
      });
