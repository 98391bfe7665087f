import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { define } from "../../core/element.js";
import { formatCount, t } from "../../core/i18n.js";
import { chatPath, settingsPath, spacePath } from "../../core/router.js";
import { chatsOf, nameOf } from "../../state/selectors.js";
import { avatar, icon, rowSkeletons } from "../../ui/index.js";
import { copyLink } from "../shared/copy_link.js";
import { createChat } from "./chat_dialogs.js";
import { openSpaceMenu } from "./space_menu.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {import("../../state/model.js").Chat} Chat */

/** The desk: chats of the space, and oneself at the bottom. */
define(
  "space-sidebar",
  {
    app: /** @type {App} */ (/** @type {unknown} */ (null)),
    spaceId: /** @type {number | null} */ (null),
    chatId: /** @type {number | null} */ (null),
    isAlone: false,
  },
  (host) => {
    const { app } = host;
    const space = app.store.select((state) =>
      host.spaceId === null ? null : (state.spaces[host.spaceId] ?? null),
    );
    const chats = app.store.selectList((state) =>
      host.spaceId === null ? [] : chatsOf(state, host.spaceId),
    );
    const me = app.store.select((state) => state.me);

    return () => {
      const level = host.isAlone ? 1 : 2;
      return html`
        <section
          class="column sidebar"
          role=${host.isAlone ? "main" : nothing}
          aria-label=${t("sidebar.label")}
        >
          ${space.value ? head(app, space.value, level) : html`<header class="bar"></header>`}
          <nav class="sidebar__scroll" aria-label=${t("sidebar.chats_of_space")}>
            ${
              space.value
                ? chatList(app, space.value, chats.value, { current: host.chatId, level })
                : placeholder(me.value !== null)
            }
          </nav>
          ${me.value ? ownPanel(me.value) : html`<div class="me"></div>`}
        </section>
      `;
    };
  },
);

/** @param {App} app @param {import("../../state/model.js").Space} space @param {1 | 2} level */
const head = (app, space, level) => html`
  <header class="bar">
    <h2 class="sidebar__title" aria-level=${level}>
      <button
        class="sidebar__head"
        type="button"
        aria-haspopup="menu"
        @click=${(/** @type {MouseEvent} */ event) => openSpaceMenu(app, space, /** @type {Element} */ (event.currentTarget))}
      >
        <span class="bar__title"><span dir="auto">${space.name}</span></span>
        ${icon("chevron-down", "s")}
      </button>
    </h2>
    <span class="bar__actions">
      <button
        class="icon-button"
        type="button"
        aria-label=${t("space.copy_link")}
        data-tip=${t("space.copy_link")}
        @click=${() => copyLink(spacePath(space.id))}
      >
        ${icon("user-plus")}
      </button>
    </span>
  </header>
`;

/** @param {App} app @param {import("../../state/model.js").Space} space @param {Chat[]} chats @param {{current: number | null, level: 1 | 2}} place */
const chatList = (app, space, chats, { current, level }) => html`
  <section class="group">
    <h3 class="group__head" aria-level=${level + 1}>
      <span>${t("sidebar.chats")}</span>
      ${
        space.my_permissions.includes("manage_chats")
          ? html`<button
              class="icon-button icon-button--s"
              type="button"
              aria-label=${t("chat.create")}
              data-tip=${t("chat.create")}
              @click=${() => createChat(app, space.id)}
            >
              ${icon("plus", "s")}
            </button>`
          : nothing
      }
    </h3>
    ${repeat(
      chats,
      (chat) => chat.id,
      (chat) => chatRow(chat, chat.id === current, Boolean(app.drafts.drafts.value[chat.id])),
    )}
    ${chats.length ? nothing : html`<p class="note">${t("sidebar.no_chats")}</p>`}
  </section>
`;

/** @param {Chat} chat @param {boolean} isCurrent @param {boolean} hasDraft */
const chatRow = ({ id, name, unread }, isCurrent, hasDraft) => html`
  <a
    class="chat-row ${unread ? "is-unread" : ""}"
    href=${chatPath(id)}
    aria-current=${isCurrent ? "page" : nothing}
  >
    ${icon("hash")}
    <span class="chat-row__name" dir="auto">${name}</span>
    ${
      hasDraft && !isCurrent
        ? html`<span class="chat-row__mark" role="img" aria-label=${t("sidebar.draft")}
            >${icon("edit", "s")}</span
          >`
        : nothing
    }
    ${
      unread
        ? html`<span class="badge badge--quiet"
            >${formatCount(unread)}<span class="sr"> ${t("rail.unread")}</span></span
          >`
        : nothing
    }
  </a>
`;

/** @param {boolean} isLoaded */
const placeholder = (isLoaded) =>
  isLoaded ? html`<p class="note">${t("sidebar.no_space")}</p>` : rowSkeletons(6);

/** @param {import("../../state/model.js").Me} me */
const ownPanel = (me) => html`
  <div class="me">
    <a class="me__card" href=${settingsPath()}>
      ${avatar({ id: me.id, name: nameOf(me), url: me.avatar_url })}
      <span class="two-lines">
        <span class="two-lines__name" dir="auto">${nameOf(me)}</span>
        <span class="two-lines__note">@${me.nickname}</span>
      </span>
    </a>
    <a
      class="icon-button"
      href=${settingsPath()}
      aria-label=${t("settings.title")}
      data-tip=${t("settings.title")}
    >
      ${icon("sliders")}
    </a>
  </div>
`;
