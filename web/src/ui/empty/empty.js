import { html, nothing } from "lit-html";
import drawings from "../../../illustrations/illustrations.svg";

/** @typedef {"welcome" | "quiet" | "lost" | "alone" | "offline"} Illustration */

/** A drawing coloured by the tokens around it; says nothing that the text beside it does not. @param {Illustration} name */
function illustration(name) {
  return html`<svg class="art" viewBox="0 0 400 240" aria-hidden="true">
    <use href="${drawings}#${name}"></use>
  </svg>`;
}

/** The sky on the cover of the sign-in pages. */
export function coverArt() {
  return html`<svg class="auth__art" aria-hidden="true"><use href="${drawings}#cover"></use></svg>`;
}

/**
 * What to show where nothing is yet: a drawing, one sentence, what to do next.
 * @param {object} props
 * @param {Illustration} props.art
 * @param {string} props.title
 * @param {unknown} [props.text]
 * @param {unknown} [props.actions] a template
 * @param {1 | 2} [props.heading] the level of the title
 */
export function empty({ art, title, text = nothing, actions, heading = 1 }) {
  return html`<div class="empty">
    <div class="empty__inner">
      ${illustration(art)}
      <div>
        ${heading === 1 ? html`<h1 class="empty__title">${title}</h1>` : html`<h2 class="empty__title">${title}</h2>`}
        <p class="empty__text">${text}</p>
      </div>
      ${actions ? html`<div class="empty__actions">${actions}</div>` : nothing}
    </div>
  </div>`;
}
