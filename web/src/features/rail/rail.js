import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { define } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { spacePath } from "../../core/router.js";
import { isUnread, spacesOf } from "../../state/selectors.js";
import { avatar, icon, mark } from "../../ui/index.js";
import { createSpace } from "./create_space.js";

/** @typedef {import("../../state/app.js").App} App */

/** The spine: one's spaces. */
define(
  "space-rail",
  { app: /** @type {App} */ (/** @type {unknown} */ (null)), spaceId: /** @type {number | null} */ (null) },
  (host) => {
    const { app } = host;
    const spaces = app.store.selectList(spacesOf);
    const unread = app.store.selectList((state) =>
      spacesOf(state)
        .map(({ id }) => id)
        .filter((id) => isUnread(state, id)),
    );

    return () => html`
      <nav class="rail" aria-label=${t("rail.label")}>
        <a class="rail__item rail__item--home" href="/" aria-label=${t("rail.home")} data-tip=${t("app.name")}
          >${mark()}</a
        >
        <span class="rail__rule"></span>
        <ul class="rail__list">
          ${repeat(
            spaces.value,
            ({ id }) => id,
            (space) =>
              html`<li>${tile(space, space.id === host.spaceId, unread.value.includes(space.id))}</li>`,
          )}
          <li>
            <button
              class="rail__item rail__item--tool"
              type="button"
              aria-label=${t("space.create")}
              data-tip=${t("space.create")}
              @click=${() => createSpace(app)}
            >
              ${icon("plus")}
            </button>
          </li>
        </ul>
      </nav>
    `;
  },
);

/** @param {import("../../state/model.js").Space} space @param {boolean} isCurrent @param {boolean} hasUnread */
const tile = ({ id, name, avatar_url: url }, isCurrent, hasUnread) => html`
  <a class="rail__item" href=${spacePath(id)} aria-current=${isCurrent ? "page" : nothing} data-tip=${name}>
    ${avatar({ id, name, url, shape: "space" })}
    <span class="sr" dir="auto">${name}</span>
    ${hasUnread ? html`<span class="rail__dot"><span class="sr">${t("rail.unread")}</span></span>` : nothing}
  </a>
`;
