import { html, nothing } from "lit-html";
import { formatNumber, t } from "../../core/i18n.js";

const WARN_BELOW = 500;

/** How many characters are left, when it is time to say so. @param {number} left negative: too many */
export const counter = (left) =>
  left >= WARN_BELOW
    ? nothing
    : html`<span class="composer__count ${left < 0 ? "is-over" : ""}" role="status">
        <span aria-hidden="true">${formatNumber(left)}</span>
        <span class="sr"
          >${left < 0 ? t("composer.over", { count: -left }) : t("composer.left", { count: left })}</span
        >
      </span>`;
