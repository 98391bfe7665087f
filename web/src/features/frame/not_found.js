import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { empty, icon } from "../../ui/index.js";

/** Nothing here, or nothing for this person: the two are not told apart. */
export const notFound = () => html`
  <main class="column page">
    <header class="bar bar--bare">${backToList()}</header>
    ${empty({
      art: "lost",
      title: t("not_found.title"),
      text: t("not_found.text"),
      actions: html`<a class="button button--solid button--l" href="/">${t("not_found.home")}</a>`,
    })}
  </main>
`;

/** On a phone the way to the list of chats. Fires `panel`. */
export const backToList = () => html`
  <button class="icon-button only-phone" type="button" aria-label=${t("chat.back")} @click=${showList}>
    ${icon("arrow-left", "turns")}
  </button>
`;

/** @param {Event} event */
const showList = ({ target }) =>
  /** @type {EventTarget} */ (target).dispatchEvent(
    new CustomEvent("panel", { bubbles: true, detail: { panel: "list" } }),
  );
