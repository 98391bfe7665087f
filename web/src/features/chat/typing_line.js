import { html, nothing } from "lit-html";
import { rich } from "../../core/i18n.js";
import { nameOf } from "../../state/selectors.js";

/** Who is typing; three names at most. @param {import("../../state/model.js").Person[]} typists */
export function typingLine(typists) {
  if (!typists.length) return nothing;
  const [first, second] = typists.map((person) => html`<b dir="auto">${nameOf(person)}</b>`);
  return html`
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <span>${sentence(typists.length, first, second)}</span>
  `;
}

/** @param {number} count @param {unknown} first @param {unknown} second */
function sentence(count, first, second) {
  if (count === 1) return rich("typing.one", { first });
  return count === 2
    ? rich("typing.two", { first, second })
    : rich("typing.many", { first, count: count - 1 });
}
