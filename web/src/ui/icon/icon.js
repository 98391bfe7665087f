import { html } from "lit-html";
import sprite from "../../../icons/icons.svg";

/**
 * A drawing from the sprite, hidden from assistive technology: the control around it carries the name.
 * @param {string} name a symbol of icons/icons.svg
 * @param {string} [variants] of `s` (16 px), `turns` (mirrored in right-to-left), `dots` (heavier), separated by spaces
 */
export function icon(name, variants = "") {
  const classes = [
    "icon",
    ...variants
      .split(" ")
      .filter(Boolean)
      .map((variant) => `icon--${variant}`),
  ];
  return html`<svg class=${classes.join(" ")} aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

/** The sign of The Space. */
export function mark() {
  return html`<svg class="mark" aria-hidden="true"><use href="${sprite}#mark"></use></svg>`;
}
