import { html, nothing } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { define } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { problemOf } from "../../core/problem.js";
import { computed, signal, untracked } from "../../core/signals.js";
import { unreadElsewhere } from "../../state/selectors.js";
import { empty, icon, openMenu } from "../../ui/index.js";
import { notFound } from "../frame/not_found.js";
import { problemText } from "../shared/problems.js";
import { deleteChat, editChat } from "../sidebar/chat_dialogs.js";
import { typingLine } from "./typing_line.js";
import { createView } from "./view.js";
import "../composer/composer.js";
import "../connection/connection.js";
import "../timeline/timeline.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {import("../../state/model.js").Chat} Chat */

/** A conversation: its bar, timeline, who is typing, and the composer. Fires `panel` with the panel to show. */
define(
  "space-chat",
  {
    app: /** @type {App} */ (/** @type {unknown} */ (null)),
    chatId: 0,
    target: /** @type {{seq: number | null}} */ ({ seq: null }),
    showsMembers: false,
  },
  (host, life) => {
    const { app } = host;
    const chat = app.store.select((state) => state.chats[host.chatId]);
    const isKnown = app.store.select((state) => state.epoch !== null);
    const isLoaded = app.store.select((state) => Boolean(state.timelines[host.chatId]));
    const view = computed(() => createView(host.chatId));
    const failure = signal(/** @type {import("../../core/problem.js").Problem | null} */ (null));

    const load = () => {
      const { chatId, target } = host;
      failure.value = null;
      app.timelines.open(chatId, target.seq).catch((error) => {
        if (chatId === host.chatId) failure.value = problemOf(error);
      });
    };
    life.effect(() => {
      if (app.connection.value.state === "online" && failure.peek()) untracked(load);
    });
    life.effect(() => {
      view.value.target.value = host.target;
      untracked(load);
    });
    life.effect(() => {
      app.reading.shownChat.value = host.chatId;
      app.reading.position.value = null;
    });
    life.effect(() => {
      if (app.connection.value.state !== "online") return undefined;
      const chatId = host.chatId;
      app.call("join_room", { chat_id: chatId }).catch(() => {});
      return () => void app.call("leave_room", { chat_id: chatId }).catch(() => {});
    });
    life.ends(() => (app.reading.shownChat.value = null));

    return () => {
      if (isKnown.value && !chat.value) return notFound();
      return html`
        <main class="column conversation">
          ${bar(app, chat.value, host)}
          <div class="timeline-wrap">
            <space-connection .app=${app}></space-connection>
            ${
              failure.value && !isLoaded.value
                ? failed(failure.value, load)
                : keyed(host.chatId, html`<space-timeline .app=${app} .view=${view.value}></space-timeline>`)
            }
          </div>
          <div class="typing">
            ${toEnd(view.value, chat.value)} ${typingLine(app.typing.typists.value[host.chatId] ?? [])}
          </div>
          ${keyed(host.chatId, html`<space-composer .app=${app} .view=${view.value}></space-composer>`)}
        </main>
      `;
    };
  },
);

/** @param {App} app @param {Chat | undefined} chat @param {HTMLElement & {showsMembers: boolean}} host */
function bar(app, chat, host) {
  /** @param {string} panel */
  const show = (panel) => host.dispatchEvent(new CustomEvent("panel", { bubbles: true, detail: { panel } }));
  const others = unreadElsewhere(app.store.state.value, chat?.id ?? null);
  const back = others ? t("chat.back_unread", { count: others }) : t("chat.back");
  return html`
    <header class="bar">
      <button class="icon-button only-phone" type="button" aria-label=${back} @click=${() => show("list")}>
        ${icon("arrow-left", "turns")}
      </button>
      ${
        chat
          ? html`<h1 class="bar__title">${icon("hash")}<span dir="auto">${chat.name}</span></h1>
              ${chat.topic ? html`<p class="bar__topic" dir="auto" title=${chat.topic}>${chat.topic}</p>` : nothing}`
          : html`<span class="bar__title"><span class="skeleton skeleton--text skeleton--name"></span></span>`
      }
      <span class="bar__actions">
        ${chat ? manage(app, chat) : nothing}
        <button
          class="icon-button"
          type="button"
          aria-label=${t("members.title")}
          aria-pressed=${String(host.showsMembers)}
          data-tip=${t("members.title")}
          @click=${() => show("members")}
        >
          ${icon("users")}
        </button>
      </span>
    </header>
  `;
}

/** @param {App} app @param {Chat} chat */
function manage(app, chat) {
  if (!app.store.state.value.spaces[chat.space_id]?.my_permissions.includes("manage_chats")) return nothing;
  const open = (/** @type {MouseEvent} */ { currentTarget }) =>
    openMenu(
      /** @type {Element} */ (currentTarget),
      [
        { label: t("chat.edit"), icon: "edit", select: () => editChat(app, chat) },
        "rule",
        { label: t("chat.delete"), icon: "trash", danger: true, select: () => deleteChat(app, chat) },
      ],
      { label: chat.name, placement: "bottom-end" },
    );
  return html`<button
    class="icon-button"
    type="button"
    aria-haspopup="menu"
    aria-label=${t("chat.manage")}
    data-tip=${t("chat.manage")}
    @click=${open}
  >
    ${icon("more", "dots")}
  </button>`;
}

/** @param {import("./view.js").View} view @param {Chat | undefined} chat */
function toEnd({ isAtEnd, leftAt, presentWish }, chat) {
  if (isAtEnd.value || !chat) return nothing;
  const count = leftAt.value === null ? 0 : chat.last_seq - leftAt.value;
  return html`<button class="button button--s to-end" type="button" @click=${() => presentWish.value++}>
    ${icon("arrow-down", "s")}<span
      >${count ? t("timeline.count_new", { count }) : t("timeline.to_present")}</span
    >
  </button>`;
}

/** @param {import("../../core/problem.js").Problem} problem @param {() => void} retry */
const failed = (problem, retry) => html`
  <div class="timeline">
    <div class="timeline__list">
      ${empty({
        art: "offline",
        title: t("timeline.failed"),
        text: problemText(problem),
        heading: 2,
        actions: html`<button class="button button--solid button--l" type="button" @click=${retry}>
          ${icon("retry")}<span>${t("action.retry")}</span>
        </button>`,
      })}
    </div>
  </div>
`;
