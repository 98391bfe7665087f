import { html } from "lit-html";

const LINES = [["b"], ["a", "c"], ["c"], ["b", "a"], ["c", "b"], ["a"]];

/**
 * A timeline that is loading, in the real geometry.
 * @param {number} count
 * @param {string} label read aloud
 */
export function messageSkeletons(count, label) {
  const indices = Array.from({ length: count }, (_, index) => index);
  return html`<div class="timeline__list is-loading" role="status" aria-label=${label}>
    ${indices.map(messageSkeleton)}
  </div>`;
}

/** @param {number} index */
function messageSkeleton(index) {
  return html`<div class="message message--first" aria-hidden="true">
    <span class="skeleton skeleton--face"></span>
    <div class="message__body">
      <span class="skeleton skeleton--text skeleton--name"></span>
      ${LINES[index % LINES.length].map((width) => html`<span class="skeleton skeleton--text skeleton--${width}"></span>`)}
    </div>
  </div>`;
}

/** Rows of a list that is loading or still empty; fade out downwards. @param {number} count */
export function rowSkeletons(count) {
  return html`<div class="ghosts is-loading" aria-hidden="true">
    ${Array.from(
      { length: count },
      (_, index) =>
        html`<div class="ghost-row">
          <span class="skeleton skeleton--dot"></span>
          <span class="skeleton skeleton--${"abc"[index % 3]}"></span>
        </div>`,
    )}
  </div>`;
}
