import { html, nothing } from "lit-html";
import { define } from "../../core/element.js";
import { isEditable } from "../../core/dom.js";
import { t } from "../../core/i18n.js";
import { chatPath } from "../../core/router.js";
import { computed, signal, untracked } from "../../core/signals.js";
import { remember, remembered } from "../../core/storage.js";
import { neighbour } from "../../state/selectors.js";
import { empty, icon, messageSkeletons } from "../../ui/index.js";
import { createSpace } from "../rail/create_space.js";
import { createChat } from "../sidebar/chat_dialogs.js";
import { backToList, notFound } from "./not_found.js";
import { homePath, leaveTrail, pathInSpace } from "./place.js";
import "../card/card.js";
import "../chat/chat.js";
import "../members/members.js";
import "../rail/rail.js";
import "../settings/settings.js";
import "../sidebar/sidebar.js";

/** @typedef {import("../../state/app.js").App} App */
/** @typedef {"list" | "chat" | "members"} Panel */

const NARROW = "(max-width: 1179px)";
const PHONE = "(max-width: 719px)";

/** The notebook: spine, desk, sheet, and members beside it. */
define("space-frame", { app: /** @type {App} */ (/** @type {unknown} */ (null)) }, (host, life) => {
  const { store, router } = host.app;
  const { route } = router;
  const panel = signal(/** @type {Panel} */ ("chat"));
  const hidesMembers = signal(remembered("hides-members", false));
  const isNarrow = mediaSignal(NARROW, life);
  const isPhone = mediaSignal(PHONE, life);
  const target = computed(() => ({ seq: route.value.name === "chat" ? route.value.seq : null }));
  const isLoaded = store.select((state) => state.epoch !== null);
  const spaceIds = store.selectList((state) => Object.keys(state.spaces));
  const chatIds = store.selectList((state) => Object.keys(state.chats));

  const chatId = computed(() => (route.value.name === "chat" ? route.value.chatId : null));
  const spaceOfChat = store.select((state) =>
    chatId.value === null ? null : (state.chats[chatId.value]?.space_id ?? null),
  );
  const spaceId = computed(() => (route.value.name === "space" ? route.value.spaceId : spaceOfChat.value));
  /** The one panel a phone shows; it is the main one then. */
  const alone = computed(() => (isPhone.value ? panel.value : null));
  const showsMembers = computed(() => (isNarrow.value ? panel.value === "members" : !hidesMembers.value));

  life.effect(() => {
    document.documentElement.dataset.panel = panel.value;
  });
  life.effect(() => {
    if (chatId.value !== null && spaceOfChat.value !== null)
      untracked(() => leaveTrail(store.peek(), Number(chatId.value)));
  });
  /** The address that this one stands for; on a phone a space is the list of its chats. */
  const meant = computed(() => {
    const { value } = route;
    if (!isLoaded.value || !chatIds.value) return null;
    if (value.name === "home") return homePath(store.peek());
    return value.name === "space" && !isPhone.value ? pathInSpace(store.peek(), value.spaceId) : null;
  });
  life.effect(() => {
    const path = meant.value;
    if (path) untracked(() => router.go(path, { replace: true }));
  });
  // On a phone some addresses are lists: a space of one's own, and the bare one of the settings.
  life.effect(() => {
    const { value } = route;
    const isOwnSpace = value.name === "space" && spaceIds.value.includes(String(value.spaceId));
    panel.value = isOwnSpace || (value.name === "settings" && !value.section) ? "list" : "chat";
  });

  /** @param {CustomEvent<{panel: Panel}>} event */
  const turn = ({ detail }) => {
    if (detail.panel === "members" && !isNarrow.value) {
      hidesMembers.value = !hidesMembers.value;
      remember("hides-members", hidesMembers.value);
    } else panel.value = detail.panel === "members" && panel.value === "members" ? "chat" : detail.panel;
  };

  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const chat = chatId.value === null ? null : store.peek().chats[chatId.value];
    if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !chat) return;
    if (
      isEditable(event.target) &&
      /** @type {HTMLTextAreaElement} */ (event.target).classList.contains("edit__text")
    )
      return;
    event.preventDefault();
    router.go(chatPath(neighbour(store.peek(), chat, /** @type {1 | -1} */ (step)).id));
  };
  life.on(document, "keydown", keydown);
  life.on(host, "panel", turn);

  return () => html`
    <div class="frame ${showsMembers.value ? "" : "is-without-panel"}">
      <space-rail .app=${host.app} .spaceId=${spaceId.value}></space-rail>
      <div class="frame__page">
        ${
          route.value.name === "settings"
            ? html`<space-settings
                .app=${host.app}
                .section=${route.value.section}
                .isListAlone=${alone.value === "list"}
              ></space-settings>`
            : html`<space-sidebar
                  .app=${host.app}
                  .spaceId=${spaceId.value}
                  .chatId=${chatId.value}
                  .isAlone=${alone.value === "list"}
                ></space-sidebar>
                ${page()}`
        }
      </div>
    </div>
  `;

  function page() {
    const { value } = route;
    if (value.name === "chat") return conversation(value.chatId);
    if (!isLoaded.value) return loading();
    if (value.name === "home") return spaceIds.value.length ? loading() : welcome(host.app);
    if (value.name !== "space") return notFound();
    if (!spaceIds.value.includes(String(value.spaceId))) {
      return html`<space-card .app=${host.app} .spaceId=${value.spaceId}></space-card>`;
    }
    return isPhone.value && pathInSpace(store.peek(), value.spaceId)
      ? nothing
      : emptySpace(host.app, value.spaceId);
  }

  /** @param {number} id */
  function conversation(id) {
    return html`
      <space-chat
        .app=${host.app}
        .chatId=${id}
        .target=${target.value}
        .showsMembers=${showsMembers.value}
      ></space-chat>
      ${
        spaceOfChat.value !== null && showsMembers.value
          ? html`<space-members
              .app=${host.app}
              .spaceId=${spaceOfChat.value}
              .isAlone=${alone.value === "members"}
            ></space-members>`
          : nothing
      }
    `;
  }
});

const loading = () => html`
  <main class="column conversation">
    <header class="bar"></header>
    <div class="timeline-wrap">${messageSkeletons(8, t("timeline.loading"))}</div>
  </main>
`;

/** @param {App} app */
const welcome = (app) => html`
  <main class="column page">
    <header class="bar bar--bare">${backToList()}</header>
    ${empty({
      art: "welcome",
      title: t("welcome.title"),
      text: t("welcome.text"),
      actions: html`
        <button
          class="button button--solid button--l button--wide"
          type="button"
          @click=${() => createSpace(app)}
        >
          ${icon("plus")}<span>${t("space.create")}</span>
        </button>
        <p class="empty__text">${t("welcome.or_link")}</p>
      `,
    })}
  </main>
`;

/** @param {App} app @param {number} spaceId */
const emptySpace = (app, spaceId) => html`
  <main class="column page">
    <header class="bar bar--bare">${backToList()}</header>
    ${empty({
      art: "alone",
      title: t("space.empty_title"),
      text: t("space.empty_text"),
      actions: app.store.state.value.spaces[spaceId]?.my_permissions.includes("manage_chats")
        ? html`<button
            class="button button--solid button--l"
            type="button"
            @click=${() => createChat(app, spaceId)}
          >
            ${icon("plus")}<span>${t("chat.create")}</span>
          </button>`
        : undefined,
    })}
  </main>
`;

/** @param {string} query @param {import("../../core/element.js").Life} life */
function mediaSignal(query, life) {
  const media = matchMedia(query);
  const matches = signal(media.matches);
  life.on(media, "change", () => (matches.value = media.matches));
  return matches;
}
