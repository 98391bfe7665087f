import { html } from "lit-html";
import { define } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { computed } from "../../core/signals.js";
import { unreadElsewhere } from "../../state/selectors.js";
import { empty, mark } from "../../ui/index.js";
import "../auth/auth.js";
import "../frame/frame.js";

/** @typedef {import("../../state/app.js").App} App */

/** The whole client: nothing yet, signed out, or the frame. */
define("space-app", { app: /** @type {App} */ (/** @type {unknown} */ (null)) }, (host, life) => {
  const { app } = host;

  const title = computed(() => {
    const { route } = app.router;
    const state = app.store.state.value;
    if (app.session.status.value !== "in") return t("app.name");
    const unread = unreadElsewhere(state, null);
    const place = placeName(route.value, state);
    return `${unread ? `(${unread > 99 ? "99+" : unread}) ` : ""}${place ? `${place} · ` : ""}${t("app.name")}`;
  });
  life.effect(() => {
    document.title = title.value;
  });

  return () => {
    const status = app.session.status.value;
    if (status === "unknown" && app.isUnreachable.value) return unreachable();
    if (status === "unknown")
      return html`<div class="boot" role="status" aria-label=${t("app.starting")}>${mark()}</div>`;
    return status === "in"
      ? html`<space-frame .app=${app}></space-frame>`
      : html`<space-auth .app=${app}></space-auth>`;
  };
});

/** @param {import("../../core/router.js").Route} route @param {import("../../state/model.js").Replica} state */
function placeName(route, state) {
  if (route.name === "settings") return t("settings.title");
  if (route.name === "space") return state.spaces[route.spaceId]?.name;
  return route.name === "chat" ? state.chats[route.chatId]?.name : "";
}

const unreachable = () => html`
  <main class="boot boot--failed">
    ${empty({ art: "offline", title: t("app.unreachable"), text: t("app.unreachable_text") })}
  </main>
`;
