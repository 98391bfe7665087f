import { html, nothing } from "lit-html";
import { define } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { settingsPath } from "../../core/router.js";
import { nameOf } from "../../state/selectors.js";
import { avatar, confirm, icon } from "../../ui/index.js";
import { notFound } from "../frame/not_found.js";
import { reportProblem } from "../shared/problems.js";
import "./appearance.js";
import "./sessions.js";

/** @typedef {import("../../state/app.js").App} App */

/** @type {Record<string, {sign: string, view: (app: App) => unknown}>} */
const SECTIONS = {
  appearance: { sign: "palette", view: () => html`<space-appearance></space-appearance>` },
  sessions: { sign: "devices", view: (app) => html`<space-sessions .app=${app}></space-sessions>` },
};
const FIRST = "appearance";

/** The settings: their list beside one section. On a phone the bare address is the list. */
define(
  "space-settings",
  { app: /** @type {App} */ (/** @type {unknown} */ (null)), section: "", isListAlone: false },
  (host) => {
    const { app } = host;
    const me = app.store.select((state) => state.me);

    return () => {
      const current = host.section || FIRST;
      const section = SECTIONS[current];
      return html`
        <section
          class="column sidebar"
          role=${host.isListAlone ? "main" : nothing}
          aria-label=${t("settings.title")}
        >
          <header class="bar">
            <a class="icon-button" href="/" aria-label=${t("settings.back")}
              >${icon("arrow-left", "turns")}</a
            >
            <h2 class="bar__title" aria-level=${host.isListAlone ? 1 : 2}>
              <span>${t("settings.title")}</span>
            </h2>
          </header>
          <nav class="sidebar__scroll" aria-label=${t("settings.title")}>
            <div class="group">
              ${Object.entries(SECTIONS).map(
                ([name, { sign }]) =>
                  html`<a
                    class="nav-row"
                    href=${settingsPath(name)}
                    aria-current=${name === current ? "page" : nothing}
                  >
                    ${icon(sign)}<span>${t(`settings.${name}`)}</span>
                  </a>`,
              )}
            </div>
            <div class="group">
              <button class="nav-row nav-row--danger" type="button" @click=${() => logOut(app)}>
                ${icon("door")}<span>${t("settings.log_out")}</span>
              </button>
            </div>
          </nav>
          ${
            me.value
              ? html`<div class="me">
                  <span class="me__card">
                    ${avatar({ id: me.value.id, name: nameOf(me.value), url: me.value.avatar_url })}
                    <span class="two-lines">
                      <span class="two-lines__name" dir="auto">${nameOf(me.value)}</span>
                      <span class="two-lines__note">@${me.value.nickname}</span>
                    </span>
                  </span>
                </div>`
              : nothing
          }
        </section>
        ${section ? page(current, section.view(app)) : notFound()}
      `;
    };
  },
);

/** @param {string} name @param {unknown} content */
const page = (name, content) => html`
  <main class="column page">
    <header class="bar">
      <a class="icon-button only-phone" href=${settingsPath()} aria-label=${t("settings.back_to_list")}>
        ${icon("arrow-left", "turns")}
      </a>
      <h1 class="bar__title"><span>${t(`settings.${name}`)}</span></h1>
    </header>
    <div class="page__scroll">${content}</div>
  </main>
`;

/** @param {App} app */
async function logOut(app) {
  const count = app.store.peek().outbox.length;
  const isSure =
    !count ||
    (await confirm({
      title: t("settings.log_out_title"),
      text: t("settings.log_out_unsent", { count }),
      action: t("settings.log_out"),
      cancel: t("action.cancel"),
      danger: true,
    }));
  if (isSure) await app.session.signOut().catch(reportProblem);
}
