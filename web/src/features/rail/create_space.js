import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { chatPath, spacePath } from "../../core/router.js";
import { field, icon, openDialog } from "../../ui/index.js";
import { copyLink } from "../shared/copy_link.js";
import { openFormDialog } from "../shared/form_dialog.js";

/** @typedef {import("../../state/app.js").App} App */

/** Ask for a name, create a space anyone here may join, go there, and show the link to share. @param {App} app */
export async function createSpace(app) {
  const space = await openFormDialog({
    title: t("space.create"),
    action: t("action.create"),
    fields: ["name", "description"],
    view: (errors) => html`
      <p>${t("space.create_text")}</p>
      ${field({
        scope: "create-space",
        name: "name",
        label: t("space.name"),
        placeholder: t("space.name_example"),
        required: true,
        autofocus: true,
        maxlength: 100,
        error: errors.name,
      })}
      ${field({
        scope: "create-space",
        name: "description",
        label: t("space.description"),
        rows: 3,
        maxlength: 1000,
        error: errors.description,
      })}
    `,
    submit: ({ name, description }) =>
      app.client.createSpace({ name, description, visibility: "public", first_chat: t("space.first_chat") }),
  });
  if (!space) return;
  await app.live.refresh();
  app.router.go(chatPath(space.chats[0].id));
  await shareSpace(space);
}

/** @param {{id: number, name: string}} space */
const shareSpace = ({ id, name }) =>
  openDialog(
    (close) => html`
      <div class="alert__body">
        <h2 class="alert__title">${t("space.ready", { name })}</h2>
        <p>${t("space.share_text")}</p>
        <div class="join">
          <span class="input">
            <input
              readonly
              aria-label=${t("space.link")}
              .value=${new URL(spacePath(id), location.origin).href}
              @focus=${(/** @type {FocusEvent} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}
            />
          </span>
          <button class="button button--outline" type="button" @click=${() => copyLink(spacePath(id))}>
            ${icon("copy", "s")}<span>${t("action.copy")}</span>
          </button>
        </div>
      </div>
      <footer class="alert__foot">
        <button class="button button--solid" type="button" autofocus @click=${() => close()}>
          ${t("action.done")}
        </button>
      </footer>
    `,
  );
